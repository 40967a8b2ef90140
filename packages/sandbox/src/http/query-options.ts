/** Query parameters and bodies of options, read as the API server reads them. */
import { badRequest } from '../api/errors.ts'
import type { ListQuery } from '../api/list-objects.ts'
import { objectFilter } from '../api/object-filter.ts'
import type { ResourceType } from '../api/resource-type.ts'
import type { DeleteOptions, WriteOptions } from '../api/write-options.ts'
import { isRecord, listAt, numberAt, textAt } from '../json.ts'
import { invalidError, notSupported } from '../schema/invalid-error.ts'
import type { Exchange } from './exchange.ts'

/** @throws StatusError 400 */
export function listQuery(url: URL, type: ResourceType, namespace: string | undefined): ListQuery {
  const query = url.searchParams
  const token = query.get('continue')
  const version = query.get('resourceVersion')
  return {
    ...(namespace === undefined ? {} : { namespace }),
    filter: objectFilter(type, query, undefined),
    limit: wholeNumber(query, 'limit') ?? 0,
    ...(token === null ? {} : { continue: token }),
    ...(version === null ? {} : { resourceVersion: version }),
  }
}

/** @throws StatusError 400 */
export function writeOptions(exchange: Exchange): WriteOptions {
  const query = exchange.url.searchParams
  const validation = query.get('fieldValidation') ?? 'Warn'
  if (validation !== 'Ignore' && validation !== 'Warn' && validation !== 'Strict' && validation !== '') {
    throw badRequest(
      `fieldValidation: Unsupported value: "${validation}": supported values: "", "Ignore", "Strict", "Warn"`,
    )
  }
  return {
    dryRun: isDryRun(query.getAll('dryRun'), OPTIONS[exchange.request.method ?? ''] ?? 'PatchOptions'),
    fieldManager: fieldManagerOf(exchange),
    fieldValidation: validation === '' ? 'Warn' : validation,
    warn: (text) => exchange.warnings.push(text),
  }
}

/** The name that a client gives itself, or the first part of what it calls its program. */
export function fieldManagerOf({ url, request }: Exchange): string {
  const given = url.searchParams.get('fieldManager')
  if (given !== null && given !== '') return given.slice(0, 128)
  // An apply patch must say who applies.
  if (request.headers['content-type']?.startsWith('application/apply-patch') === true) return ''
  return (request.headers['user-agent'] ?? 'unknown').split('/')[0]?.slice(0, 128) ?? 'unknown'
}

/** @throws StatusError 400 */
export function deleteOptions(url: URL, body: unknown): DeleteOptions {
  const query = url.searchParams
  if (body !== undefined && !isRecord(body)) throw badRequest('the body of a DELETE must be DeleteOptions')
  const policy = textAt(body, 'propagationPolicy') ?? query.get('propagationPolicy') ?? undefined
  if (policy !== undefined && policy !== 'Background' && policy !== 'Foreground' && policy !== 'Orphan') {
    throw badRequest(
      `DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
    )
  }
  const seconds = numberAt(body, 'gracePeriodSeconds') ?? wholeNumber(query, 'gracePeriodSeconds')
  const uid = textAt(body, 'preconditions', 'uid')
  const resourceVersion = textAt(body, 'preconditions', 'resourceVersion')
  return {
    dryRun: isDryRun([...listAt(body, 'dryRun').map(String), ...query.getAll('dryRun')], 'DeleteOptions'),
    ...(policy === undefined ? {} : { propagation: policy }),
    ...(seconds === undefined ? {} : { gracePeriodSeconds: seconds }),
    preconditions: {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  }
}

/** Seconds after which a watch ends. @throws StatusError 400 */
export function timeoutOf(url: URL): number | undefined {
  return wholeNumber(url.searchParams, 'timeoutSeconds')
}

const OPTIONS: Readonly<Record<string, string>> = { POST: 'CreateOptions', PUT: 'UpdateOptions' }

function isDryRun(values: readonly string[], kind: string): boolean {
  if (values.some((value) => value !== 'All')) {
    throw invalidError({ group: 'meta.k8s.io', kind }, '', [notSupported('dryRun', values, ['All'])])
  }
  return values.includes('All')
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`)
  return Number(text)
}
