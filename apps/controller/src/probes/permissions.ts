import { KINDS } from '@meshdeck/kube'
import { KubeStatusError, type AccessAttributes, type ResourceClient } from '@meshdeck/kube-client'
import type { Finding } from '../status/conditions.ts'

const PARALLEL_REVIEWS = 8
/** Rights named in a message; the rest is counted. */
const NAMED_RIGHTS = 8

/** What the stored credential of a cluster must be allowed: to watch what is shown, and to act for users. */
const NEEDED_RIGHTS: readonly AccessAttributes[] = [
  ...KINDS.filter(({ home, watched }) => home === 'cluster' && watched).flatMap(({ group, plural: resource }) => [
    { verb: 'list', group, resource },
    { verb: 'watch', group, resource },
  ]),
  { verb: 'impersonate', group: '', resource: 'users' },
  { verb: 'impersonate', group: '', resource: 'groups' },
]

export interface Permissions {
  finding: Finding
  /** Empty when there are all, or when the cluster does not say. */
  missing: readonly AccessAttributes[]
}

/**
 * Asks the cluster whether its stored credential has all the rights it needs; as long as those that were missing `before`
 * are missing still, the others are not asked for. Throws when the cluster stops answering.
 */
export async function checkPermissions(
  client: ResourceClient,
  signal: AbortSignal,
  before: readonly AccessAttributes[] = [],
): Promise<Permissions> {
  try {
    const still = before.length === 0 ? [] : await missingRights(client, before, signal)
    const missing = still.length > 0 ? still : await missingRights(client, NEEDED_RIGHTS, signal)
    return { finding: permittedFinding(missing), missing }
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus === 401) throw error
    const message = `The cluster does not say which rights the stored credential has (${error.httpStatus}): ${error.message}. Its account needs the ClusterRole system:basic-user, and its authorisation webhook, if it has one, must answer.`
    return { finding: { type: 'Permitted', status: 'Unknown', reason: 'ReviewFailed', message }, missing: [] }
  }
}

async function missingRights(
  client: ResourceClient,
  wanted: readonly AccessAttributes[],
  signal: AbortSignal,
): Promise<AccessAttributes[]> {
  const missing: AccessAttributes[] = []
  const rights = wanted.values()
  const ask = async (): Promise<void> => {
    for (const right of rights) {
      const { allowed } = await client.selfSubjectAccessReview(right, { signal })
      if (!allowed) missing.push(right)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_REVIEWS }, ask))
  return missing.toSorted((a, b) => wanted.indexOf(a) - wanted.indexOf(b))
}

/** Says in words what the missing rights mean. */
function permittedFinding(missing: readonly AccessAttributes[]): Finding {
  if (missing.length === 0) {
    const message = 'The stored credential may watch all that is shown and act for users.'
    return { type: 'Permitted', status: 'True', reason: 'AllRights', message }
  }
  const rights = printRights(missing)
  const named = rights.slice(0, NAMED_RIGHTS).join('; ')
  const rest = rights.length > NAMED_RIGHTS ? `; and ${rights.length - NAMED_RIGHTS} more` : ''
  const impersonation = missing.some(({ verb }) => verb === 'impersonate')
    ? ' Without impersonation nobody but the credential’s owner can use this cluster in the console.'
    : ''
  return {
    type: 'Permitted',
    status: 'False',
    reason: 'RightsMissing',
    message: `The stored credential may not ${named}${rest}.${impersonation} Give its account these rights by a ClusterRole and a ClusterRoleBinding.`,
  }
}

/** `list and watch pods`, one entry for each resource. */
function printRights(rights: readonly AccessAttributes[]): string[] {
  const verbs = new Map<string, string[]>()
  for (const { verb, group, resource } of rights) {
    const name = group === '' ? resource : `${resource}.${group}`
    verbs.set(name, [...(verbs.get(name) ?? []), verb])
  }
  return [...verbs].map(([name, all]) => `${all.join(' and ')} ${name}`)
}
