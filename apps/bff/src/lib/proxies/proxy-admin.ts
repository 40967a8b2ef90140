import type { ResourceClient } from '@meshdeck/kube-client'
import { withoutKeys } from '@meshdeck/mesh/proxy-config'
import { ProblemError } from '../problem.ts'

/** Envoy's administration, and ztunnel's, listens on its pod's loopback only, on the port that Istio gives it. */
const ADMIN_PORT = 15_000
const DEADLINE_MS = 15_000

/** One proxy: the pod, and who asks. */
export interface Proxy {
  client: ResourceClient
  namespace: string
  pod: string
}

/** What a proxy's administration answers. Throws what the tunnel throws, and `ProblemError` for any status but 200. */
export async function askAdmin(
  { client, namespace, pod }: Proxy,
  method: 'GET' | 'POST',
  path: string,
): Promise<string> {
  const { status, body } = await client.requestPod({
    namespace,
    pod,
    port: ADMIN_PORT,
    method,
    path,
    timeoutMs: DEADLINE_MS,
  })
  if (status === 200) return body
  throw new ProblemError(
    'pod-unreachable',
    `The proxy of ${namespace}/${pod} answered ${status}: ${body.trim().slice(0, 200)}`,
    { params: { reason: 'bad-answer' } },
  )
}

/** The JSON under a path, without private keys; throws as `askAdmin`, and when it is none. */
export async function readAdminJson(proxy: Proxy, path: string): Promise<unknown> {
  const body = await askAdmin(proxy, 'GET', path)
  try {
    return withoutKeys(JSON.parse(body))
  } catch {
    throw unexpectedAnswer(proxy, 'a proxy', 'its configuration is no JSON')
  }
}

/** Something else answers than who was asked. */
export function unexpectedAnswer({ namespace, pod }: Proxy, who: string, why: string): ProblemError {
  return new ProblemError(
    'pod-unreachable',
    `What listens on port ${ADMIN_PORT} of ${namespace}/${pod} does not answer as ${who} does: ${why}`,
    { params: { reason: 'bad-answer' } },
  )
}
