import type { KubeObject } from '../../kube-object.ts'
import { proxyVersion } from './proxy-view.ts'

/** Two minor releases behind is more than the sandbox's listeners can be read by. */
const TOO_OLD = 2

/**
 * Why a proxy takes no listeners from an istiod of some version: it is too old to know a filter in them. Undefined when it
 * takes them.
 */
export function listenerRefusal(pod: KubeObject, istiodVersion: string): string | undefined {
  const minor = (version: string): number => Number(/^1\.(\d+)/.exec(version)?.[1] ?? Number.NaN)
  const behind = minor(istiodVersion) - minor(proxyVersion(pod))
  if (!(behind >= TOO_OLD)) return undefined
  return `Error adding/updating listener(s) virtualInbound: Didn't find a registered implementation for 'istio.peer_metadata' with type URL: 'type.googleapis.com/io.istio.http.peer_metadata.Config'\n`
}
