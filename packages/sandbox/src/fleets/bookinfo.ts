/** Istio's sample application on one cluster, as its own guides install it. Source: https://istio.io/latest/docs/examples/bookinfo/ */
import { KUBERNETES_VERSION } from '../discovery/discovery.ts'
import type { KubeObject } from '../kube-object.ts'
import { gatewayApiCrds, istioCrds } from '../schema/builtin-data.ts'
import type { Call } from '../traffic/traffic.ts'
import type { Fleet } from './fleet.ts'
import { istioObjects } from './istio-objects.ts'
import { meshRecord } from './mesh-record.ts'
import { nodeObjects } from './nodes.ts'
import { PEOPLE, rightsOfPeople } from './people.ts'
import { namespaceObject, serviceObject, workloadObjects } from './workload-objects.ts'

const CLUSTER = 'bookinfo'
const NAMESPACE = 'bookinfo'
const PORT = { name: 'http', number: 9_080 }

const APPS: Readonly<Record<string, readonly string[]>> = {
  productpage: ['v1'],
  details: ['v1'],
  ratings: ['v1'],
  reviews: ['v1', 'v2', 'v3'],
}

const call = (from: string, to: string, perRequest: number): Call => ({
  cluster: CLUSTER,
  from: `${NAMESPACE}/${from}`,
  to: `${to}.${NAMESPACE}`,
  protocol: 'http',
  perRequest,
})

const CALLS: readonly Call[] = [
  {
    cluster: CLUSTER,
    from: 'istio-system/istio-ingressgateway',
    to: `productpage.${NAMESPACE}`,
    protocol: 'http',
    perSecond: 20,
  },
  call('productpage-v1', 'details', 1),
  call('productpage-v1', 'reviews', 1),
  // The first version shows no stars.
  call('reviews-v2', 'ratings', 1),
  call('reviews-v3', 'ratings', 1),
]

export function bookinfoFleet(): Fleet {
  return {
    name: 'bookinfo',
    hub: CLUSTER,
    people: PEOPLE,
    clusters: [
      {
        name: CLUSTER,
        version: KUBERNETES_VERSION,
        mesh: 'bookinfo',
        objects: [
          ...istioCrds(),
          ...gatewayApiCrds(),
          ...nodeObjects(CLUSTER, 'local', 2, KUBERNETES_VERSION),
          ...istioObjects({
            version: '1.30.3',
            cluster: CLUSTER,
            meshId: 'bookinfo',
            network: '',
            gateways: ['istio-ingressgateway'],
          }),
          namespaceObject(NAMESPACE, true),
          ...rightsOfPeople([NAMESPACE]),
          ...Object.entries(APPS).flatMap(([app, versions]) => [
            ...versions.flatMap((version) =>
              workloadObjects({
                namespace: NAMESPACE,
                app,
                version,
                name: `${app}-${version}`,
                replicas: 1,
                port: PORT,
              }),
            ),
            serviceObject(NAMESPACE, app, PORT),
          ]),
          ...rules(),
        ],
      },
    ],
    meshes: [meshRecord('bookinfo', CLUSTER, [])],
    traffic: {
      behaviours: {
        [`${NAMESPACE}/productpage-v1`]: { latencyMs: { median: 30, p99: 160 } },
        [`${NAMESPACE}/ratings-v1`]: { latencyMs: { median: 4, p99: 25 } },
      },
      calls: CALLS,
    },
  }
}

function rules(): readonly KubeObject[] {
  const object = (kind: string, name: string, spec: unknown): KubeObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name, namespace: NAMESPACE },
    spec,
  })
  const paths = [{ exact: '/productpage' }, { prefix: '/static' }, { exact: '/login' }, { prefix: '/api/v1/products' }]
  return [
    object('Gateway', 'bookinfo-gateway', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    }),
    object('VirtualService', 'bookinfo', {
      hosts: ['*'],
      gateways: ['bookinfo-gateway'],
      http: [
        {
          match: paths.map((uri) => ({ uri })),
          route: [{ destination: { host: 'productpage', port: { number: PORT.number } } }],
        },
      ],
    }),
    ...Object.entries(APPS).map(([app, versions]) =>
      object('DestinationRule', app, {
        host: app,
        subsets: versions.map((version) => ({ name: version, labels: { version } })),
      }),
    ),
  ]
}
