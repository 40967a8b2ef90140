import { HUB } from '@meshdeck/kube'
import { STORED, type Identity } from '@meshdeck/kube-client'

/** Who asks, and by what proof. The token never leaves the server. */
export type Caller = {
  user: { name: string; groups: readonly string[] }
  /** Whether a browser sends the proof by itself, so that other sites could make it send it. */
  ambient: boolean
} & ({ mode: 'local' } | { mode: 'bearer'; token: string })

/**
 * As whom a caller's requests go to a cluster. The hub checks the caller's own token; other clusters do not know it, so
 * their stored credential impersonates the caller. Locally the caller *is* the holder of the kubeconfig.
 */
export function identityFor(caller: Caller, cluster: string): Identity {
  if (caller.mode === 'local') return STORED
  if (cluster === HUB) return { kind: 'token', token: caller.token }
  return { kind: 'impersonate', username: caller.user.name, groups: caller.user.groups }
}

/** Tells callers apart in caches: the same rights for the same key. */
export function callerKey(caller: Caller): string {
  return caller.mode === 'local' ? 'local' : JSON.stringify([caller.user.name, [...caller.user.groups].sort()])
}
