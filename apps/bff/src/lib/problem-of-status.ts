import type { Problem } from '@meshdeck/contract'
import type { KubeStatusError } from '@meshdeck/kube-client'
import { problemOf, type ProblemExtras } from './problem.ts'

const ADMISSION_DENIAL =
  /(admission webhook "[^"]*" denied the request|ValidatingAdmissionPolicy '[^']*'.* denied request)/
const MISSING_RIGHT =
  /cannot (?<verb>\S+) resource "(?<resource>[^"]*)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]*)")?/

/** Says what an API server's error means to the caller. Its own words stay, in every case: they name the cure best. */
export function problemOfStatus(error: KubeStatusError, cluster?: string): Problem {
  const { status, httpStatus } = error
  const message = status.message ?? error.message
  const extras: ProblemExtras = cluster === undefined ? {} : { cluster }
  // Istio's validation comes as 400, other webhooks choose 403 or 422.
  if (httpStatus < 500 && ADMISSION_DENIAL.test(message)) return problemOf('admission-denied', message, extras)
  switch (httpStatus) {
    case 401:
      return problemOf('cluster-error', `The cluster does not accept Meshdeck’s credential: ${message}`, extras)
    case 403:
      return forbidden(error, message, extras)
    case 404:
      return notFound(error, message, extras)
    case 409:
      if (status.reason === 'AlreadyExists') return problemOf('already-exists', message, extras)
      return problemOf('conflict', message, { ...extras, ...fieldsOf(error) })
    case 422:
      return problemOf('invalid-object', message, { ...extras, ...fieldsOf(error) })
    case 429:
      return problemOf('too-many-requests', message, { ...extras, ...pauseOf(error) })
    case 504:
      return problemOf('cluster-timeout', message, extras)
    default:
      return problemOf(httpStatus < 500 ? 'bad-request' : 'cluster-error', message, extras)
  }
}

/** RBAC says which right is missing, in its message only; other 403s come from admission plug-ins (quota, pod security). */
function forbidden(error: KubeStatusError, message: string, extras: ProblemExtras): Problem {
  const groups = MISSING_RIGHT.exec(message)?.groups
  if (groups === undefined) return problemOf('admission-denied', message, extras)
  const { verb = '', resource = '', group = '', namespace } = groups
  const name = error.status.details?.name
  return problemOf('forbidden', message, {
    ...extras,
    missing: { verb, group, resource, ...(namespace ? { namespace } : {}), ...(name ? { name } : {}) },
  })
}

/** Without the name of an object it is the path, and so the kind, that the server does not know. */
function notFound(error: KubeStatusError, message: string, extras: ProblemExtras): Problem {
  const details = error.status.details
  return details?.name === undefined || details.name === ''
    ? problemOf('kind-not-installed', message, extras)
    : problemOf('not-found', message, extras)
}

/** How long the server wants to be left alone, in whole seconds. */
function pauseOf({ retryAfterMs }: KubeStatusError): ProblemExtras {
  return retryAfterMs === undefined ? {} : { params: { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) } }
}

function fieldsOf(error: KubeStatusError): ProblemExtras {
  const fields = (error.status.details?.causes ?? [])
    // `<nil>` stands beside a remark that names no field.
    .filter((cause) => cause.field !== '<nil>' && (cause.field !== undefined || cause.message !== undefined))
    .map((cause) => ({ field: cause.field ?? '', message: cause.message ?? cause.reason ?? '' }))
  return fields.length === 0 ? {} : { fields }
}
