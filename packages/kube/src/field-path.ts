/** Reads a dotted path (`spec.servers.*.hosts`) from an object; `*` gathers over an array, one level flat. */
export function readPath(value: unknown, path: string): unknown {
  let current: unknown[] = [value]
  let gathered = false
  for (const step of path.split('.')) {
    if (step === '*') {
      gathered = true
      current = current.flatMap((item) => (Array.isArray(item) ? item : []))
      continue
    }
    current = current.map((item) => (isRecord(item) ? item[step] : undefined))
  }
  return gathered ? current.flat().filter((item) => item !== undefined) : current[0]
}

/** Narrows to a plain object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
