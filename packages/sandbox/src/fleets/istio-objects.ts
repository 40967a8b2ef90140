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
}

export function istioObjects({
  version,
  cluster,
  meshId,
  network,
  gateways,
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
