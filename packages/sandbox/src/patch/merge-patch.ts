import { isRecord } from '../json.ts'

/** Applies a JSON merge patch (RFC 7386): `null` removes, objects are merged, all else replaces. */
export function applyMergePatch(value: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const result = new Map(Object.entries(isRecord(value) ? value : {}))
  for (const [name, part] of Object.entries(patch)) {
    if (part === null) result.delete(name)
    else result.set(name, applyMergePatch(result.get(name), part))
  }
  return Object.fromEntries(result)
}
