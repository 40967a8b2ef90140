import { isRecord } from '@meshdeck/kube'

/** How far below a section its resources lie: a list, an entry of it, and what the entry wraps. */
const DEPTH = 6

/** The part of a section's JSON that has a name, as Envoy keeps it with its version; undefined when there is none. */
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

/** By its own name, or by that of the one message that it wraps. */
function holds(entry: unknown, name: string): boolean {
  if (!isRecord(entry)) return false
  return entry['name'] === name || Object.values(entry).some((each) => isRecord(each) && each['name'] === name)
}
