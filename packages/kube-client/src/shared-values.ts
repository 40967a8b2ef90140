/** Values that are remembered at a time; which they are does not matter, so all are forgotten when there are more. */
const KEPT = 50_000

/**
 * Gives the same object for equal JSON values. Pods of one workload have the same labels, containers and conditions;
 * in a cache of many thousands, one copy of each is a fraction of the memory. What comes out must not be changed.
 */
export function createSharedValues(): <T extends object>(value: T) => T {
  const known = new Map<string, object>()
  return <T extends object>(value: T): T => {
    const key = JSON.stringify(value)
    const found = known.get(key)
    // Equal JSON, so of the same shape.
    if (found !== undefined) return found as T
    if (known.size >= KEPT) known.clear()
    known.set(key, value)
    return value
  }
}
