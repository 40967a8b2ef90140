import type { KindId, KubeResource, Mesh } from '@meshdeck/kube'
import {
  EAST_WEST_GATEWAY,
  EAST_WEST_SELECTOR,
  labelsOf,
  NETWORK_LABEL,
  revisionSuffix,
  systemNamespaceOf,
  versionOf,
} from './names.ts'
import type { Place } from './place.ts'
import type { Planned, PlannedObject } from './plan.ts'

/** Source: https://istio.io/latest/docs/setup/install/multicluster/ (samples/multicluster/gen-eastwest-gateway.sh). */
const PORTS = [
  { name: 'status-port', port: 15021, targetPort: 15021 },
  { name: 'tls', port: 15443, targetPort: 15443 },
  { name: 'tls-istiod', port: 15012, targetPort: 15012 },
  { name: 'tls-webhook', port: 15017, targetPort: 15017 },
] as const

/** Gateway for what comes from other networks, and for members that look for their istiod. */
export function eastWestGateway(mesh: Mesh, { network = '' }: Place): Planned[] {
  const { engine, controlPlane } = mesh.spec
  const { access = {} } = controlPlane
  const namespace = systemNamespaceOf(mesh)
  const replicas = controlPlane.highAvailability === true ? 2 : 1
  const type = access.type ?? 'LoadBalancer'
  if (engine === 'Helm') {
    const values = {
      name: EAST_WEST_GATEWAY,
      networkGateway: network,
      labels: { istio: EAST_WEST_SELECTOR },
      autoscaling: { enabled: false },
      replicaCount: replicas,
      service: { type, ...(access.annotations === undefined ? {} : { annotations: access.annotations }) },
    }
    const release = { name: EAST_WEST_GATEWAY, namespace, chart: 'gateway' as const, version: versionOf(mesh), values }
    return [{ step: 'gateways', release }]
  }
  const own = { app: EAST_WEST_GATEWAY, istio: EAST_WEST_SELECTOR, [NETWORK_LABEL]: network }
  const labels = { ...labelsOf(mesh), ...own }
  const make = (
    kind: KindId,
    apiVersion: string,
    spec: object,
    more: Partial<KubeResource['metadata']> = {},
  ): PlannedObject => ({
    step: 'gateways',
    kind,
    object: { apiVersion, kind, metadata: { name: EAST_WEST_GATEWAY, namespace, labels, ...more }, ...spec },
  })
  return [
    make('ServiceAccount', 'v1', {}),
    make('Deployment', 'apps/v1', {
      spec: {
        replicas,
        selector: { matchLabels: { app: EAST_WEST_GATEWAY, istio: EAST_WEST_SELECTOR } },
        template: {
          metadata: {
            labels: { ...own, 'sidecar.istio.io/inject': 'true' },
            annotations: { 'inject.istio.io/templates': 'gateway' },
          },
          spec: {
            serviceAccountName: EAST_WEST_GATEWAY,
            containers: [
              {
                name: 'istio-proxy',
                // Istio's webhook puts the image and everything else in.
                image: 'auto',
                env: [{ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: network }],
              },
            ],
          },
        },
      },
    }),
    make(
      'Service',
      'v1',
      {
        spec: {
          type,
          selector: { app: EAST_WEST_GATEWAY, istio: EAST_WEST_SELECTOR },
          ports: PORTS.map((port) => ({ ...port, protocol: 'TCP' })),
        },
      },
      access.annotations === undefined ? {} : { annotations: access.annotations },
    ),
  ]
}

/** Lets members come to istiod through the gateway; their TLS ends at istiod. */
export function exposeIstiod(mesh: Mesh): PlannedObject[] {
  const namespace = systemNamespaceOf(mesh)
  const istiod = `istiod${revisionSuffix(mesh)}.${namespace}.svc.cluster.local`
  const server = (number: number, name: string) => ({
    port: { number, name, protocol: 'TLS' },
    tls: { mode: 'PASSTHROUGH' },
    hosts: ['*'],
  })
  const route = (from: number, to: number) => ({
    match: [{ port: from, sniHosts: ['*'] }],
    route: [{ destination: { host: istiod, port: { number: to } } }],
  })
  return [
    networking(mesh, 'Gateway', 'istiod-gateway', {
      selector: { istio: EAST_WEST_SELECTOR },
      servers: [server(15012, 'tls-istiod'), server(15017, 'tls-istiodwebhook')],
    }),
    networking(mesh, 'VirtualService', 'istiod-vs', {
      hosts: ['*'],
      gateways: ['istiod-gateway'],
      tls: [route(15012, 15012), route(15017, 443)],
    }),
  ]
}

/** Lets other networks come to the services of the mesh; mutual TLS goes through to the workload. */
export function exposeServices(mesh: Mesh): PlannedObject[] {
  return [
    networking(mesh, 'Gateway', 'cross-network-gateway', {
      selector: { istio: EAST_WEST_SELECTOR },
      servers: [
        {
          port: { number: 15443, name: 'tls', protocol: 'TLS' },
          tls: { mode: 'AUTO_PASSTHROUGH' },
          hosts: ['*.local'],
        },
      ],
    }),
  ]
}

function networking(mesh: Mesh, kind: 'Gateway' | 'VirtualService', name: string, spec: object): PlannedObject {
  const metadata = { name, namespace: systemNamespaceOf(mesh), labels: labelsOf(mesh) }
  return { step: 'gateways', kind, object: { apiVersion: 'networking.istio.io/v1', kind, metadata, spec } }
}
