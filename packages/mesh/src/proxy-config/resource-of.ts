import { isRecord } from '@meshdeck/kube'
import { entryName } from './ztunnel/entries.ts'

/** How far below a section its resources lie: a list, an entry of it, and what the entry wraps. */
const DEPTH = 6

/** The part of a section's JSON that has a name, as Envoy keeps it with its version, or ztunnel as an entry; undefined when there is none. */
export function resourceOf(config: unknown, name: string, depth = DEPTH): unknown {
  if (depth === 0) return undefined
  if (Array.isArray(config)) {
    const own = config.find((each) => holds(each, name))
    if (own !== undefined) return own
  }
  const inner = Array.isArray(config) ? config : isRecord(config) ? Object.values(config) : []
  for (const each of inner) {
    const found = resourceOf(each, name, depth - 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** By its own name, by that of the one message that it wraps, or as an entry of ztunnel's is told apart. */
function holds(entry: unknown, name: string): boolean {
  if (!isRecord(entry)) return false
  if (entry['name'] === name || entryName(entry) === name) return true
  return Object.values(entry).some((each) => isRecord(each) && each['name'] === name)
}
