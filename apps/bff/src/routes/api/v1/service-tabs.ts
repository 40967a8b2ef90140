import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  MeshParams,
  ServiceInstances,
  ServiceVersions,
  type ClusterFailure,
  type ServiceVersion,
} from '@meshdeck/contract'
import { LABEL_PATTERN, PATH_SEGMENT_PATTERN, type KindId, type Mesh } from '@meshdeck/kube'
import {
  DEFAULT_FACTS,
  peerModes,
  serviceVersions,
  systemNamespaceOf,
  workloadOf,
  type ClusterInventory,
  type VersionPod,
} from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ProblemError } from '../../../lib/problem.ts'
import { alignedNow } from '../../../lib/prometheus/prometheus-client.ts'
import { fetchVersionFigures, type VersionFigures } from '../../../lib/prometheus/version-queries.ts'
import { pick } from '../../../lib/views/clusters.ts'
import { toInstances, toWrittenInstances, type InstanceContext } from '../../../lib/views/service-instances.ts'
import { membersNamed, type Member } from '../../../lib/views/services.ts'
import { isReady, versionOf } from '../../../lib/views/workloads.ts'
import { inventoriesOf } from './mesh-inputs.ts'
import { askSources } from './mesh-metrics.ts'
import { onePerCluster } from './meshes.ts'
import { assertVisible, clustersOf, meshOf, readAll, snapshotsOf } from './mesh-scope.ts'
import { clustersShowing } from './metrics-rights.ts'

const Params = Type.Object({
  ...MeshParams.properties,
  namespace: Type.String({ pattern: LABEL_PATTERN }),
  name: Type.String({ pattern: PATH_SEGMENT_PATTERN }),
})
const WINDOW_SECONDS = 300
const INSTANCE_RULES: readonly KindId[] = ['PeerAuthentication', 'WorkloadEntry', 'Deployment']
const VERSION_RULES: readonly KindId[] = ['VirtualService', 'DestinationRule', 'Deployment']

/** What answers for a service, and its versions: each asked for when its tab is opened. */
export const serviceTabRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const path = `${API_ROOT}/meshes/:mesh/services/:namespace/:name`

  app.get(`${path}/instances`, { schema: { params: Params, response: { 200: ServiceInstances } } }, async (request) => {
    const { mesh, members, failures } = await serviceOf(request, request.params)
    const clusters = members.map(({ snapshot }) => snapshot.cluster)
    const [nodes, { configured, hidden }, written] = await Promise.all([
      readAll(request, clusters, 'Node'),
      inventoriesOf(request, mesh, INSTANCE_RULES),
      writtenInstances(request, members),
    ])
    const machines = configured.flatMap(({ cluster, objects }) =>
      (objects.get('WorkloadEntry') ?? []).map((object) => ({ cluster, object })),
    )
    const modeOf = hidden.includes('PeerAuthentication') ? undefined : modeReader(mesh, configured)
    return {
      items: [...toInstances(members, { nodes, machines, modeOf }), ...written.items],
      failures: onePerCluster([...failures, ...written.failures]),
    }
  })

  app.get(`${path}/versions`, { schema: { params: Params, response: { 200: ServiceVersions } } }, async (request) => {
    const { mesh, members, failures } = await serviceOf(request, request.params)
    const [{ configured, hidden }, measured] = await Promise.all([
      inventoriesOf(request, mesh, VERSION_RULES),
      figuresOf(request, mesh, request.params),
    ])
    const placed = (kind: KindId) =>
      configured.flatMap(({ cluster, objects }) => (objects.get(kind) ?? []).map((object) => ({ cluster, object })))
    const { versions, routes } = serviceVersions(request.params, members.flatMap(versionPods), {
      virtualServices: placed('VirtualService'),
      destinationRules: placed('DestinationRule'),
    })
    return {
      window: WINDOW_SECONDS,
      versions: withFigures(versions, measured.figures),
      routes,
      hidden: hidden.filter((kind) => kind !== 'Deployment'),
      failures: onePerCluster([...failures, ...measured.failures]),
    }
  })
}

/** The service of an address. Throws `ProblemError` (`not-found`, `forbidden`). */
async function serviceOf(
  request: FastifyRequest,
  { mesh: meshName, namespace, name }: { mesh: string; namespace: string; name: string },
): Promise<{ mesh: Mesh; members: Member[]; failures: ClusterFailure[] }> {
  const mesh = await meshOf(request, meshName)
  const clusters = clustersOf(mesh)
  const read = await snapshotsOf(request, clusters, 'Service')
  assertVisible(read, 'Service', clusters)
  const members = membersNamed(read.snapshots, namespace, name)
  if (members.length === 0)
    throw new ProblemError('not-found', `Mesh ${meshName} has no service ${name} in namespace ${namespace}`)
  return { mesh, members, failures: read.failures }
}

/** What each cluster's workloads ask of callers: by the rules of its own istiod, else by those of the mesh's. */
function modeReader(mesh: Mesh, configured: readonly ClusterInventory[]): InstanceContext['modeOf'] {
  const facts = { ...DEFAULT_FACTS, rootNamespace: systemNamespaceOf(mesh) }
  const readers = new Map(
    configured.map((config) => [config.cluster, peerModes({ config, members: [], facts })] as const),
  )
  const [first] = configured
  return (cluster, namespace, labels) =>
    (readers.get(cluster) ?? readers.get(first?.cluster ?? ''))?.(namespace, labels)
}

/** Of a service that selects nothing its endpoints are written by hand; they are read live, as the caller. */
async function writtenInstances(request: FastifyRequest, members: readonly Member[]) {
  const plain = members.filter(({ service }) => Object.keys(service.spec?.selector ?? {}).length === 0)
  const read = await Promise.all(
    plain.map(async ({ snapshot: { cluster }, service: { metadata } }) => {
      try {
        const client = await request.kube(cluster)
        const { items } = await client.listAll('EndpointSlice', {
          namespace: metadata.namespace ?? '',
          labelSelector: `kubernetes.io/service-name=${metadata.name}`,
        })
        return { items: toWrittenInstances(cluster, items), failures: [] }
      } catch (error) {
        return { items: [], failures: [{ cluster, problem: request.problemOf(error, cluster) }] }
      }
    }),
  )
  return { items: read.flatMap(({ items }) => items), failures: read.flatMap(({ failures }) => failures) }
}

function versionPods({ snapshot, pods }: Member): VersionPod[] {
  return pods.map((pod) => {
    const workload = workloadOf(pod, snapshot.replicaSetIndex)
    return {
      cluster: snapshot.cluster,
      version: versionOf(pod.metadata.labels),
      labels: pod.metadata.labels ?? {},
      ready: isReady(pod),
      workload: workload && `${workload.kind}/${workload.name}`,
    }
  })
}

/** What was measured of each version, added up over all Prometheus servers. */
async function figuresOf(
  request: FastifyRequest,
  mesh: Mesh,
  service: { namespace: string; name: string },
): Promise<{ figures: Map<string, VersionFigures>; failures: ClusterFailure[] }> {
  const clusters = await clustersShowing(request, clustersOf(mesh), service.namespace)
  const at = alignedNow()
  const { answers, failures } = await askSources(request, clusters, ({ client }) =>
    fetchVersionFigures(client, service, at, WINDOW_SECONDS),
  )
  const figures = new Map<string, VersionFigures>()
  for (const [version, part] of answers.flatMap(({ answer }) => [...answer])) {
    const known = figures.get(version)
    figures.set(
      version,
      known === undefined
        ? part
        : {
            requests: known.requests + part.requests,
            failures: known.failures + part.failures,
            durationSum: known.durationSum + part.durationSum,
            durationCount: known.durationCount + part.durationCount,
          },
    )
  }
  return { figures, failures }
}

/** Versions with their figures; one that answers though it has no pods any more is there too. */
function withFigures(
  versions: readonly ServiceVersion[],
  figures: ReadonlyMap<string, VersionFigures>,
): ServiceVersion[] {
  const known = new Set(versions.map(({ version }) => version))
  const gone = [...figures]
    .filter(([version, { requests }]) => requests > 0 && !known.has(version))
    .map(([version]): ServiceVersion => ({ version, pods: 0, ready: 0, clusters: [], workloads: [], subsets: [] }))
  const total = [...figures.values()].reduce((sum, { requests }) => sum + requests, 0)
  return [...versions, ...gone].map((each) => {
    const told = figures.get(each.version)
    // Where others answer and this one does not, that is measured as well.
    if (told === undefined) return total > 0 ? { ...each, requestRate: 0, share: 0 } : each
    const { requests, failures, durationSum, durationCount } = told
    return {
      ...each,
      requestRate: requests,
      ...pick({
        share: total > 0 ? requests / total : undefined,
        errorRate: requests > 0 ? Math.min(1, failures / requests) : undefined,
        latencyMs: durationCount > 0 ? durationSum / durationCount : undefined,
      }),
    }
  })
}
