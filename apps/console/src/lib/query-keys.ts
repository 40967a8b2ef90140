/**
 * Every query key starts with where the data come from and of which kinds they are made:
 * `[cluster | 'mesh:shop' | '*', KindId | KindId[], 'list' | 'detail' | <view>, …params]`.
 * The event stream relies on that to find what a change makes stale.
 */
type QueryScope = string

/** Who the caller is: depends on no cluster, and is never asked again because of an event. */
export const SESSION = 'session'

/** Scope of what is gathered over every cluster known. */
export const FLEET = '*'

/** Scope of what is gathered over the clusters of a mesh. */
export const meshScope = (mesh: string): QueryScope => `mesh:${mesh}`

/** Whether a query is made stale by a change of `kind` in `cluster`; with `kind` absent, by any change in it. */
export function dependsOn(key: readonly unknown[], cluster: string, kind: string | undefined): boolean {
  const [scope, kinds] = key
  if (typeof scope !== 'string') return false
  if (scope !== cluster && scope !== FLEET && !scope.startsWith('mesh:')) return false
  if (kind === undefined) return typeof kinds === 'string' || Array.isArray(kinds)
  return Array.isArray(kinds) ? kinds.includes(kind) : kinds === kind
}
