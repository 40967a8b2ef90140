import type { ResourceClient } from '@meshdeck/kube-client'
import { readConnections, readSyncz, type ProxySync } from '@meshdeck/mesh/proxy-config'
import { ProblemError } from '../problem.ts'

/** The port of istiod's own metrics, where its debug interface is in every version; `istioctl` asks there too. */
const DEBUG_PORT = 15_014
const DEADLINE_MS = 10_000
const MAX_BYTES = 64 * 1024 * 1024

export interface IstiodPod {
  cluster: string
  namespace: string
  pod: string
}

export interface ConnectedProxy extends ProxySync {
  istiod: IstiodPod
  connectedAt?: string
}

/**
 * The proxies that one replica of istiod serves, as the client's own user. Throws what the tunnel throws, and
 * `ProblemError` when istiod refuses.
 */
export async function readIstiod(client: ResourceClient, istiod: IstiodPod): Promise<ConnectedProxy[]> {
  const ask = async (path: string): Promise<unknown> => {
    const { status, body } = await client.requestPod({
      namespace: istiod.namespace,
      pod: istiod.pod,
      port: DEBUG_PORT,
      path,
      timeoutMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
    })
    if (status === 200) return parse(body, istiod.pod)
    throw new ProblemError(
      'pod-unreachable',
      `${istiod.pod} answered ${path} with ${status}: ${body.trim().slice(0, 200)}`,
    )
  }
  const [syncz, connections] = await Promise.all([ask('/debug/syncz'), ask('/debug/connections')])
  const since = readConnections(connections)
  return readSyncz(syncz).map((proxy) => {
    const connectedAt = since.get(proxy.id)
    return { ...proxy, istiod, ...(connectedAt === undefined ? {} : { connectedAt }) }
  })
}

function parse(body: string, pod: string): unknown {
  try {
    // istiod without any proxy writes `null`.
    return JSON.parse(body) ?? []
  } catch {
    throw new ProblemError('pod-unreachable', `The answer of ${pod} is no JSON`)
  }
}
