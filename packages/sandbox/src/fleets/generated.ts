/** Fleets of a given size, for tests and measurements of scale: one mesh over up to ten clusters, the same for a seed. */
import { KUBERNETES_VERSION } from '../discovery/discovery.ts'
import type { KubeObject } from '../kube-object.ts'
import { seededRandom } from '../random.ts'
import { gatewayApiCrds, istioCrds } from '../schema/builtin-data.ts'
import type { Behaviour, Call } from '../traffic/traffic.ts'
import type { Fleet, FleetCluster } from './fleet.ts'
import { istioObjects } from './istio-objects.ts'
import { meshRecord } from './mesh-record.ts'
import { nodeObjects } from './nodes.ts'
import { PEOPLE, rightsOfPeople } from './people.ts'
import { namespaceObject, serviceObject, workloadObjects } from './workload-objects.ts'

const MESH = 'large'
const ISTIO_VERSION = '1.30.3'
const SERVICES_PER_CLUSTER = 500
const MOST_CLUSTERS = 10
const SERVICES_PER_NAMESPACE = 20
const PODS_PER_NODE = 100
/** Share of the Services that are called: by routes with weights, in two versions, from outside of the mesh; of those that answer badly, or late. */
const CANARY_SHARE = 0.2
const OUT_OF_MESH_SHARE = 0.03
const FAILING_SHARE = 0.05
const SLOW_SHARE = 0.05
/** Services come in tiers, and call those of the next ones; with these bounds there are some 2.7 calls to each. */
const TIERS = 6
const MOST_CALLS = 6
const NEAR_SHARE = 0.9
const PORT = { name: 'http', number: 8_080 }

interface GeneratedService {
  readonly cluster: string
  readonly namespace: string
  readonly app: string
  readonly tier: number
  readonly versions: readonly string[]
  readonly replicas: number
}

/** @param services more than zero; @param pods at least one for each of them. */
export function generatedFleet(name: string, services: number, pods: number, seed: number): Fleet {
  const random = seededRandom(seed)
  const all = servicesOf(services, pods, random)
  const clusters = [...new Set(all.map(({ cluster }) => cluster))]
  const [first = ''] = clusters
  return {
    name,
    hub: 'hub',
    people: PEOPLE,
    clusters: [
      {
        name: 'hub',
        version: KUBERNETES_VERSION,
        objects: [...nodeObjects('hub', 'region-1', 2, KUBERNETES_VERSION), ...rightsOfPeople([])],
      },
      ...clusters.map((cluster, index) =>
        fleetCluster(
          cluster,
          `region-${(index % 3) + 1}`,
          all.filter((service) => service.cluster === cluster),
        ),
      ),
    ],
    meshes: [meshRecord(MESH, first, clusters.slice(1))],
    traffic: { behaviours: behavioursOf(all, random), calls: callsOf(all, clusters, random) },
  }
}

function servicesOf(count: number, pods: number, random: () => number): readonly GeneratedService[] {
  const clusters = Math.min(MOST_CLUSTERS, Math.ceil(count / SERVICES_PER_CLUSTER))
  const perCluster = Math.ceil(count / clusters)
  return Array.from({ length: count }, (_, index) => {
    const within = index % perCluster
    const canary = random() < CANARY_SHARE
    // All pods are given out, the odd ones to the first.
    const replicas = Math.max(1, Math.floor(pods / count) + (index < pods % count ? 1 : 0))
    return {
      cluster: `cluster-${String(Math.floor(index / perCluster) + 1).padStart(2, '0')}`,
      namespace: `team-${String(Math.floor(within / SERVICES_PER_NAMESPACE) + 1).padStart(2, '0')}`,
      app: `svc-${String(index + 1).padStart(4, '0')}`,
      tier: within === 0 ? 0 : Math.floor(random() * TIERS),
      versions: canary && replicas > 1 ? ['v1', 'v2'] : ['v1'],
      replicas,
    }
  })
}

function fleetCluster(name: string, region: string, services: readonly GeneratedService[]): FleetCluster {
  const namespaces = [...new Set(services.map(({ namespace }) => namespace))]
  const pods = services.reduce((sum, { replicas }) => sum + replicas, 0)
  return {
    name,
    version: KUBERNETES_VERSION,
    mesh: MESH,
    objects: [
      ...istioCrds(),
      ...gatewayApiCrds(),
      ...nodeObjects(name, region, Math.max(3, Math.ceil(pods / PODS_PER_NODE)), KUBERNETES_VERSION),
      ...istioObjects({
        version: ISTIO_VERSION,
        cluster: name,
        meshId: MESH,
        network: `${name}-network`,
        gateways: ['istio-ingressgateway'],
      }),
      ...namespaces.map((namespace) => namespaceObject(namespace, true)),
      ...rightsOfPeople(namespaces.slice(0, 2)),
      ...services.flatMap(serviceObjects),
    ],
  }
}

function serviceObjects(service: GeneratedService, index: number): readonly KubeObject[] {
  const { namespace, app, versions, replicas } = service
  const outOfMesh = index % Math.round(1 / OUT_OF_MESH_SHARE) === 7
  return [
    ...versions.flatMap((version, place) =>
      workloadObjects({
        namespace,
        app,
        version,
        name: `${app}-${version}`,
        replicas: place === 0 ? replicas - (versions.length - 1) : 1,
        port: PORT,
        ...(outOfMesh ? { labels: { 'sidecar.istio.io/inject': 'false' } } : {}),
      }),
    ),
    serviceObject(namespace, app, PORT),
    ...(versions.length > 1 ? canaryRules(service) : []),
  ]
}

function canaryRules({ namespace, app, versions }: GeneratedService): readonly KubeObject[] {
  const apiVersion = 'networking.istio.io/v1'
  const metadata = { name: app, namespace }
  return [
    {
      apiVersion,
      kind: 'DestinationRule',
      metadata,
      spec: { host: app, subsets: versions.map((version) => ({ name: version, labels: { version } })) },
    },
    {
      apiVersion,
      kind: 'VirtualService',
      metadata,
      spec: {
        hosts: [app],
        http: [
          {
            route: versions.map((subset, place) => ({
              destination: { host: app, subset },
              weight: place === 0 ? 90 : 10,
            })),
          },
        ],
      },
    },
  ]
}

function behavioursOf(services: readonly GeneratedService[], random: () => number): Record<string, Behaviour> {
  return Object.fromEntries(
    services.flatMap(({ namespace, app, versions }) => {
      const median = (random() < SLOW_SHARE ? 60 : 2) + random() * 10
      const fails = random() < FAILING_SHARE
      const behaviour: Behaviour = {
        latencyMs: { median, p99: median * (3 + random() * 3) },
        ...(fails ? { failures: { share: 0.01 + random() * 0.1, code: 503 } } : {}),
      }
      return versions.map((version) => [`${namespace}/${app}-${version}`, behaviour])
    }),
  )
}

/** What enters at the gateways, and what each Service asks of those behind it. */
function callsOf(
  services: readonly GeneratedService[],
  clusters: readonly string[],
  random: () => number,
): readonly Call[] {
  const byPlace = Map.groupBy(services, ({ cluster, tier }) => `${cluster} ${tier}`)
  const pick = (from: GeneratedService): GeneratedService | undefined => {
    const cluster = random() < NEAR_SHARE ? from.cluster : (clusters[Math.floor(random() * clusters.length)] ?? '')
    const tier = from.tier + 1 + Math.floor(random() * 2)
    const choice = byPlace.get(`${cluster} ${tier}`) ?? []
    return choice[Math.floor(random() * choice.length)]
  }
  const entering = services
    .filter(({ tier }) => tier === 0)
    .map(({ cluster, namespace, app }): Call => {
      const perSecond = 1 + random() * 20
      return {
        cluster,
        from: 'istio-system/istio-ingressgateway',
        to: `${app}.${namespace}`,
        protocol: 'http',
        perSecond,
      }
    })
  const further = services.flatMap((from) => {
    const targets = new Set<string>()
    for (let count = Math.floor(random() * (MOST_CALLS + 1)); count > 0; count--) {
      const to = pick(from)
      if (to !== undefined) targets.add(`${to.app}.${to.namespace}`)
    }
    return [...targets].flatMap((to) =>
      from.versions.map((version): Call => ({
        cluster: from.cluster,
        from: `${from.namespace}/${from.app}-${version}`,
        to,
        protocol: 'http',
        perRequest: 0.1 + random() * 0.9,
      })),
    )
  })
  return [...entering, ...further]
}
