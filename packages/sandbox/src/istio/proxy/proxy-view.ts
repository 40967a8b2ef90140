import { isRecord, listAt, numberAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import { Rules } from '../../traffic/rules.ts'
import { hasProxy } from '../../traffic/workloads.ts'
import type { ProxyView } from './envoy-clusters.ts'
import type { GatewayServer } from './envoy-routes.ts'
import { meshServices } from './mesh-services.ts'
import type { MeshMember } from './mesh-services.ts'

/** What a pod's proxy is told by istiod, read from the objects of its cluster and of the others of its mesh. */
export function proxyView(own: MeshMember, members: readonly MeshMember[], pod: KubeObject): ProxyView {
  return { own, members, services: meshServices(own.api), rules: new Rules(own.api), pod }
}

/** A pod that is nothing but a proxy is a gateway. */
export function isGateway(pod: KubeObject): boolean {
  return listAt(pod, 'spec', 'containers').every((container) => textAt(container, 'name') === 'istio-proxy')
}

/** Whether Envoy runs in a pod; a ztunnel is none. */
export function runsEnvoy(pod: KubeObject): boolean {
  return hasProxy(pod) && !isZtunnel(pod)
}

export function isZtunnel(pod: KubeObject): boolean {
  return pod.metadata.labels?.['app'] === 'ztunnel'
}

/** What the Gateways that select a pod open, at the ports of its own. */
export function gatewayServers({ own, pod }: ProxyView): readonly GatewayServer[] {
  const labels = pod.metadata.labels ?? {}
  const services = own.api.list('services', pod.metadata.namespace).filter((service) => {
    const selector = Object.entries(recordAt(service, 'spec', 'selector'))
    return selector.length > 0 && selector.every(([key, value]) => labels[key] === value)
  })
  return own.api
    .list('networking.istio.io/gateways')
    .filter((gateway) =>
      Object.entries(recordAt(gateway, 'spec', 'selector')).every(([key, value]) => labels[key] === value),
    )
    .flatMap((gateway) =>
      listAt(gateway, 'spec', 'servers').map((server) => {
        const number = numberAt(server, 'port', 'number') ?? 0
        const port = services
          .flatMap((service) => listAt(service, 'spec', 'ports'))
          .find((each) => numberAt(each, 'port') === number)
        return {
          port: numberAt(port, 'targetPort') ?? number,
          hosts: listAt(server, 'hosts').map(String),
          gateway: `${gateway.metadata.namespace ?? ''}/${gateway.metadata.name}`,
        }
      }),
    )
}

/** A variable of the proxy's container. */
export function proxyEnv(pod: KubeObject, name: string): string | undefined {
  const container = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].find(
    (each) => textAt(each, 'name') === 'istio-proxy',
  )
  return textAt(
    listAt(container, 'env')
      .filter(isRecord)
      .find((each) => each['name'] === name),
    'value',
  )
}

/** Version of the proxy's image. */
export function proxyVersion(pod: KubeObject): string {
  const container = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].find(
    (each) => textAt(each, 'name') === 'istio-proxy',
  )
  return /:v?(\d+\.\d+[^/:@]*)/.exec(textAt(container, 'image') ?? '')?.[1] ?? 'unknown'
}

/** When the pod's proxy began, in milliseconds since 1970. */
export function startedAt(pod: KubeObject): number {
  return Date.parse(textAt(pod, 'status', 'startTime') ?? pod.metadata.creationTimestamp ?? '') || 0
}
