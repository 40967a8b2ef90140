import { isRecord } from '@meshdeck/kube'
import { at, textAt, type Message } from '../envoy-json.ts'

/** What a ztunnel has of a kind. It writes a list; before 1.23 it wrote a map, by addresses. */
export function entriesAt(dump: unknown, kind: string): readonly Message[] {
  const found = at(dump, kind)
  if (Array.isArray(found)) return found.filter(isRecord)
  return isRecord(found) ? Object.values(found).filter(isRecord) : []
}

/** What tells an entry of a ztunnel apart from others of its kind; undefined for what has nothing of that sort. */
export function entryName(entry: unknown): string | undefined {
  const own = textAt(entry, 'uid') ?? textAt(entry, 'identity')
  if (own !== undefined) return own
  const name = textAt(entry, 'hostname') ?? textAt(entry, 'name')
  const namespace = textAt(entry, 'namespace')
  return name === undefined || namespace === undefined ? undefined : `${namespace}/${name}`
}

/** `network/address` without a network that has no name. */
export function withoutNetwork(address: string): string {
  return address.startsWith('/') ? address.slice(1) : address
}
