/** An Istio as Helm installs it, with its gateways. */
import type { KubeObject } from '../kube-object.ts'
import { istiodObjects } from './istiod-objects.ts'
import { serviceWorkload } from './service-workload.ts'

const NAMESPACE = 'istio-system'

export interface IstioInstallation {
  readonly version: string
  readonly cluster: string
  readonly meshId: string
  readonly network: string
  /** Names of ingress and egress gateways. */
  readonly gateways: readonly string[]
  /** Whether namespaces can be ambient: with a ztunnel on every node. */
  readonly ambient?: boolean
}

export function istioObjects({
  version,
  cluster,
  meshId,
  network,
  gateways,
  ambient = false,
}: IstioInstallation): readonly KubeObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { 'topology.istio.io/network': network } },
    },
    ...istiodObjects({
      version,
      revision: 'default',
      namespace: NAMESPACE,
      values: { global: { meshID: meshId, network, multiCluster: { clusterName: cluster } } },
      managedBy: 'Helm',
    }),
    ...(ambient ? ztunnelObjects(version) : []),
    ...gateways.flatMap((name) =>
      serviceWorkload({
        namespace: NAMESPACE,
        name,
        labels: { app: name, istio: name.replace('istio-', '') },
        template: {
          labels: { 'sidecar.istio.io/inject': 'true' },
          annotations: { 'inject.istio.io/templates': 'gateway' },
        },
        container: { name: 'istio-proxy', image: 'auto' },
        type: name.includes('egress') ? 'ClusterIP' : 'LoadBalancer',
        ports: [
          { name: 'status-port', port: 15_021 },
          { name: 'http2', port: 80, targetPort: 8_080 },
          { name: 'https', port: 443, targetPort: 8_443 },
        ],
      }),
    ),
  ]
}

/** Source: Istio's chart `ztunnel`, as far as a console sees it. */
function ztunnelObjects(version: string): readonly KubeObject[] {
  const metadata = { name: 'ztunnel', namespace: NAMESPACE }
  const labels = { app: 'ztunnel', 'app.kubernetes.io/name': 'ztunnel', 'app.kubernetes.io/version': version }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { ...metadata, labels },
      spec: {
        selector: { matchLabels: { app: 'ztunnel' } },
        template: {
          metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'false' } },
          spec: {
            serviceAccountName: 'ztunnel',
            containers: [{ name: 'istio-proxy', image: `docker.io/istio/ztunnel:${version}` }],
          },
        },
      },
    },
  ]
}
