import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  API_ROOT,
  MeshParams,
  PROXY_STATES,
  ProxyPage,
  ProxyQuery,
  type ClusterFailure,
  type ProxyView,
} from '@meshdeck/contract'
import { kindOf, type Pod } from '@meshdeck/kube'
import { indexReplicaSets, isCurrent } from '@meshdeck/mesh'
import { mapBounded } from '../../../lib/bounded.ts'
import { pageOf, splitList, type RowReader } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { readIstiod, type ConnectedProxy, type IstiodPod } from '../../../lib/proxies/istiod-sync.ts'
import { clusterOf, disconnectedViews, toProxyView, type MemberPods } from '../../../lib/proxies/proxy-views.ts'
import { failuresOf } from '../../../lib/resource-rows.ts'
import { clustersOf, meshOf, readAll } from './mesh-scope.ts'

/** Replicas of istiod that are asked at once. */
const PARALLEL_ISTIODS = 8

/** Every proxy of a mesh, with what each istiod has sent to it. */
export const proxyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { params: MeshParams, PROXY_STATES, querystring: ProxyQuery, response: { 200: ProxyPage } }
  app.get(`${API_ROOT}/meshes/:mesh/proxies`, { schema }, async (request) => {
    const clusters = clustersOf(await meshOf(request, request.params.mesh))
    const { members, failures: unread } = await membersOf(request, clusters)
    const { proxies, istiods, failures: unasked } = await askIstiods(request, members)
    const failures = oneEach([...unread, ...unasked])
    if (istiods === 0 && failures.length > 0 && failures.length === clusters.length) {
      const [first] = failures
      const isForbidden = failures.every(({ problem }) => problem.code === 'forbidden')
      if (isForbidden && first !== undefined) throw ProblemError.from(first.problem)
    }
    const placed = proxies.map((proxy) => ({ proxy, cluster: clusterOf(proxy, members) }))
    const connected = placed.flatMap(({ proxy, cluster }) =>
      cluster === undefined ? [] : toProxyView(proxy, cluster, members),
    )
    // Who has not asked everybody cannot say that somebody is unknown to all.
    const lost = failures.length === 0 && istiods > 0 ? disconnectedViews(members, connected) : []
    const rows = await visible(request, [...connected, ...lost])
    const { state, type, ...query } = request.query
    const [states, types] = [splitList(state), splitList(type)]
    const wanted = (row: ProxyView): boolean => (states?.has(row.state) ?? true) && (types?.has(row.type) ?? true)
    return {
      ...pageOf(rows, query, proxyRows, wanted),
      states: Object.fromEntries([...Map.groupBy(rows, (row) => row.state)].map(([each, of]) => [each, of.length])),
      elsewhere: placed.filter(({ cluster }) => cluster === undefined).length,
      istiods,
      failures,
    }
  })
}

async function membersOf(
  request: FastifyRequest,
  clusters: readonly string[],
): Promise<{ members: MemberPods[]; failures: ClusterFailure[] }> {
  const [pods, replicaSets] = await Promise.all([
    readAll(request, clusters, 'Pod'),
    readAll(request, clusters, 'ReplicaSet'),
  ])
  const members = pods.map(({ cluster, objects }, index): MemberPods => ({
    cluster,
    // The boundary: objects of a kind, by the API server's promise.
    pods: new Map(
      (objects as readonly Pod[]).map((pod) => [`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, pod]),
    ),
    replicaSets: indexReplicaSets(replicaSets[index]?.objects ?? []),
  }))
  return { members, failures: pods.flatMap((readable) => failuresOf(kindOf('Pod'), readable)) }
}

/** Asks each replica of istiod that the caller can see, as the caller. */
async function askIstiods(
  request: FastifyRequest,
  members: readonly MemberPods[],
): Promise<{ proxies: ConnectedProxy[]; istiods: number; failures: ClusterFailure[] }> {
  const pods = members.flatMap(({ cluster, pods: all }) =>
    [...all.values()]
      .filter((pod) => pod.metadata.labels?.['app'] === 'istiod' && isCurrent(pod) && pod.status?.phase === 'Running')
      .map(({ metadata }): IstiodPod => ({ cluster, namespace: metadata.namespace ?? '', pod: metadata.name })),
  )
  const answers = await mapBounded(pods, PARALLEL_ISTIODS, async (istiod) => {
    try {
      return { proxies: await readIstiod(await request.kube(istiod.cluster), istiod) }
    } catch (error) {
      return { failure: { cluster: istiod.cluster, problem: request.problemOf(error, istiod.cluster) } }
    }
  })
  const hidden = await hiddenIstiods(request, members, pods)
  return {
    proxies: answers.flatMap(({ proxies = [] }) => proxies),
    istiods: answers.filter(({ proxies }) => proxies !== undefined).length,
    failures: [...answers.flatMap(({ failure }) => failure ?? []), ...hidden],
  }
}

/** Clusters with an istiod whose pods the caller may not see; without them the answer would look whole. */
async function hiddenIstiods(
  request: FastifyRequest,
  members: readonly MemberPods[],
  seen: readonly IstiodPod[],
): Promise<ClusterFailure[]> {
  const unseen = members.filter(({ cluster }) => !seen.some((each) => each.cluster === cluster))
  const found = await Promise.all(
    unseen.map(async ({ cluster }) => {
      const istiods = await request.istiods(cluster).catch(() => [])
      const istiod = istiods.find(({ ready }) => (ready ?? 0) > 0)
      if (
        istiod === undefined ||
        (await request
          .rights(cluster)
          .mayList('Pod', istiod.namespace)
          .catch(() => true))
      )
        return []
      const missing = { verb: 'list', group: '', resource: 'pods', namespace: istiod.namespace }
      const detail = `You may not list the pods of istiod, in namespace ${istiod.namespace} of cluster ${cluster}`
      return [{ cluster, problem: new ProblemError('forbidden', detail, { cluster, missing }).problem }]
    }),
  )
  return found.flat()
}

/** istiod tells of all namespaces; the caller hears of those whose pods he may list. */
async function visible(request: FastifyRequest, rows: readonly ProxyView[]): Promise<ProxyView[]> {
  const clusters = Map.groupBy(rows, ({ cluster }) => cluster)
  const kept = await Promise.all(
    [...clusters].map(async ([cluster, ofCluster]) => {
      const namespaces = await request.rights(cluster).listable(
        'Pod',
        ofCluster.map(({ namespace }) => namespace),
      )
      return namespaces === 'all' ? ofCluster : ofCluster.filter(({ namespace }) => namespaces.has(namespace))
    }),
  )
  return kept.flat()
}

/** The first failure of each cluster says enough. */
function oneEach(failures: readonly ClusterFailure[]): ClusterFailure[] {
  return [...Map.groupBy(failures, ({ cluster }) => cluster).values()].flatMap(([first]) => first ?? [])
}

const proxyRows: RowReader<ProxyView> = {
  columns: {
    name: ({ pod }) => pod,
    namespace: ({ namespace }) => namespace,
    cluster: ({ cluster }) => cluster,
    type: ({ type }) => type,
    version: ({ version }) => version,
    state: ({ state }) => PROXY_STATES.indexOf(state),
    istiod: ({ istiod }) => istiod?.pod,
    connectedAt: ({ connectedAt }) => connectedAt,
  },
  texts: ({ istiod, workload, version }) => [istiod?.pod, workload?.name, version].filter((each) => each !== undefined),
  namespace: ({ namespace }) => namespace,
  clusters: ({ cluster }) => [cluster],
}
