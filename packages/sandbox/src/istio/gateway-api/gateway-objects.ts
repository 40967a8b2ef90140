import { controlledBy } from '../../controllers/controller-context.ts'
import { listAt, numberAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import { GROUP } from './references.ts'

const STATUS_PORT = 15_021

/** Name of what is made for a Gateway; none when it names its addresses, which somebody else serves. */
export function managedName(gateway: KubeObject): string | undefined {
  const className = textAt(gateway, 'spec', 'gatewayClassName')
  if (className === 'istio-waypoint') return gateway.metadata.name
  if (className !== 'istio' || listAt(gateway, 'spec', 'addresses').length > 0) return undefined
  return `${gateway.metadata.name}-istio`
}

/** Deployment, Service and account that istiod makes for a Gateway. Source: https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment */
export function gatewayObjects(gateway: KubeObject, name: string, image: string): readonly KubeObject[] {
  const namespace = gateway.metadata.namespace ?? ''
  const { controller: _controller, blockOwnerDeletion: _block, ...owner } = controlledBy(gateway)
  const className = textAt(gateway, 'spec', 'gatewayClassName') ?? ''
  const selector = { [`${GROUP}/gateway-name`]: gateway.metadata.name }
  const labels = {
    ...infrastructure(gateway, 'labels'),
    ...selector,
    [`${GROUP}/gateway-class-name`]: className,
    'gateway.istio.io/managed':
      className === 'istio-waypoint' ? 'istio.io-mesh-controller' : 'istio.io-gateway-controller',
  }
  const metadata = { name, namespace, labels, ownerReferences: [owner] }
  const annotations = infrastructure(gateway, 'annotations')
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, annotations } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, annotations },
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: {
            labels: {
              ...labels,
              'service.istio.io/canonical-name': name,
              'service.istio.io/canonical-revision': 'latest',
              'sidecar.istio.io/inject': 'false',
            },
            annotations: {
              ...annotations,
              'istio.io/rev': 'default',
              'prometheus.io/path': '/stats/prometheus',
              'prometheus.io/port': '15020',
              'prometheus.io/scrape': 'true',
            },
          },
          spec: { serviceAccountName: name, containers: [{ name: 'istio-proxy', image }] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, annotations },
      spec: {
        type: className === 'istio-waypoint' ? 'ClusterIP' : (annotations[SERVICE_TYPE] ?? 'LoadBalancer'),
        selector,
        ports: [{ name: 'status-port', port: STATUS_PORT, appProtocol: 'tcp' }, ...portsOf(gateway)],
      },
    },
  ]
}

const SERVICE_TYPE = 'networking.istio.io/service-type'

/** Each port once, under the name of the first listener on it. */
function portsOf(gateway: KubeObject): readonly Record<string, unknown>[] {
  const ports = new Map<number, Record<string, unknown>>()
  for (const listener of listAt(gateway, 'spec', 'listeners')) {
    const port = numberAt(listener, 'port') ?? 0
    if (ports.has(port)) continue
    ports.set(port, {
      name: textAt(listener, 'name') ?? '',
      port,
      appProtocol: (textAt(listener, 'protocol') ?? '').toLowerCase(),
    })
  }
  return [...ports.values()]
}

function infrastructure(gateway: KubeObject, field: 'labels' | 'annotations'): Record<string, string> {
  const own = field === 'annotations' ? gateway.metadata.annotations?.[SERVICE_TYPE] : undefined
  const given = Object.entries(recordAt(gateway, 'spec', 'infrastructure', field)).map(
    ([name, value]) => [name, String(value)] as const,
  )
  return { ...(own === undefined ? {} : { [SERVICE_TYPE]: own }), ...Object.fromEntries(given) }
}
