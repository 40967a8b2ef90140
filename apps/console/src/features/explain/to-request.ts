import type { ExplainRequest } from '@meshdeck/contract'
import { isRecord } from '@meshdeck/kube'
import type { ExplainSearch } from './explain-search.ts'

/** Fields of the form that something may be wrong with. */
export type AskedField = 'source' | 'host' | 'port' | 'path' | 'headers' | 'claims'

/** A question that can be sent, or what is missing from it. */
export interface ToRequest {
  request: ExplainRequest | undefined
  problems: ReadonlySet<AskedField>
}

const MAX_PORT = 65_535

/** What the form or an address says, as the BFF takes it. */
export function toRequest(search: ExplainSearch): ToRequest {
  const problems = new Set<AskedField>()
  const source = sourceOf(search)
  const host = search.host.trim()
  const port = Number(search.port)
  const headers = headersOf(search.headers)
  const claims = claimsOf(search.claims)
  if (source === undefined) problems.add('source')
  if (host === '') problems.add('host')
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) problems.add('port')
  if (!search.path.startsWith('/')) problems.add('path')
  if (headers === undefined) problems.add('headers')
  if (claims === 'invalid') problems.add('claims')
  if (problems.size > 0 || source === undefined || headers === undefined || claims === 'invalid')
    return { request: undefined, problems }
  const isHttp = search.protocol === 'http' || search.protocol === 'https'
  return {
    problems,
    request: {
      source,
      protocol: search.protocol,
      host,
      port,
      ...(isHttp && { path: search.path, method: search.method, headers }),
      ...(isHttp && claims !== undefined && { claims }),
      ...(search.ip.trim() !== '' && { ip: search.ip.trim() }),
    },
  }
}

function sourceOf({ from, source }: ExplainSearch): ExplainRequest['source'] | undefined {
  if (from === 'outside') return { from }
  const parts = source.trim().split('/')
  if (parts.some((part) => part === '')) return undefined
  const [first = '', second = '', third = ''] = parts
  if (from === 'workload') return parts.length === 2 ? { from, namespace: first, name: second } : undefined
  if (parts.length !== 3 || (first !== 'Gateway' && first !== 'K8sGateway')) return undefined
  return { from, kind: first, namespace: second, name: third }
}

function headersOf(text: string): Record<string, string> | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const pairs = lines.map((line) => /^\s*([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*?)\s*$/.exec(line))
  if (pairs.includes(null)) return undefined
  return Object.fromEntries(pairs.map((pair) => [(pair?.[1] ?? '').toLowerCase(), pair?.[2] ?? '']))
}

function claimsOf(text: string): Record<string, unknown> | undefined | 'invalid' {
  if (text.trim() === '') return undefined
  try {
    const claims: unknown = JSON.parse(text)
    return isRecord(claims) ? claims : 'invalid'
  } catch {
    return 'invalid'
  }
}
