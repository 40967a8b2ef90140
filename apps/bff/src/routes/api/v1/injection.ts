import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  BatchResult,
  MeshParams,
  NamespacePage,
  NamespaceQuery,
  SetInjection,
  type InjectionAction,
  type LabelChange,
  type NamespaceView,
} from '@meshdeck/contract'
import {
  INJECTION_LABEL,
  RESTARTED_AT_ANNOTATION,
  REVISION_LABEL,
  type KindId,
  type Mesh,
  type Namespace,
  type ResourceRef,
} from '@meshdeck/kube'
import { PatchStrategy } from '@meshdeck/kube-client'
import {
  injectionLabelPatch,
  namespaceInjection,
  namespaceScope,
  patchWithReason,
  revisionToEnable,
  systemNamespaceOf,
  type WorkloadKey,
} from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { mapBounded } from '../../../lib/bounded.ts'
import { fieldManagerOf } from '../../../lib/field-manager.ts'
import { pageOf, splitList, type RowReader } from '../../../lib/paging.ts'
import { toNamespaceViews } from '../../../lib/views/namespaces.ts'
import { assertMember, attempt, PARALLEL_TARGETS, type TargetResult } from './batch-target.ts'
import { assertVisible, clustersOf, controlPlanesOf, meshOf, readAll, snapshotsOf } from './mesh-scope.ts'

const RESTARTABLE = new Set<string>(['Deployment', 'StatefulSet', 'DaemonSet'])

/** Sidecar injection by namespace: what is, setting the policy, and restarting what waits for it. */
export const injectionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const path = `${API_ROOT}/meshes/:mesh/injection`

  app.get(
    path,
    { schema: { params: MeshParams, querystring: NamespaceQuery, response: { 200: NamespacePage } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const clusters = clustersOf(mesh, request.query)
      const read = await snapshotsOf(request, clusters, 'Namespace')
      assertVisible(read, 'Namespace', clusters)
      const discoveryOf = await discoveryReader(request, mesh, clusters)
      const rows = read.snapshots
        .flatMap((snapshot) => toNamespaceViews(snapshot, systemNamespaceOf(mesh)))
        .map((row) => ({ ...row, ...discoveryOf(row) }))
      const { policy, discovery, pending = false, system = true, ...query } = request.query
      const policies = splitList(policy)
      const scopes = splitList(discovery)
      const wanted = (row: NamespaceView): boolean =>
        (policies?.has(row.policy) ?? true) &&
        (scopes?.has(row.discovery?.scope ?? '') ?? true) &&
        (!pending || row.pendingWorkloads > 0) &&
        (system || !row.system)
      const page = pageOf(rows, query, namespaceRows, wanted)
      return { ...page, failures: read.failures }
    },
  )

  app.post(
    path,
    { schema: { params: MeshParams, body: SetInjection, response: { 200: BatchResult } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { action, restart, dryRun = false, targets, reason } = request.body
      const results = await mapBounded(targets, PARALLEL_TARGETS, async ({ cluster, namespace }) => {
        const ref: ResourceRef = { cluster, kind: 'Namespace', name: namespace }
        const set = await attempt(request, ref, async () => {
          assertMember(mesh, cluster)
          const change = { name: namespace, action, meshRevision: mesh.spec.controlPlane.revision, dryRun, reason }
          const { labelled, labels } = await setPolicy(request, cluster, change)
          return { labels, pending: restart && !dryRun ? await pendingWorkloads(request, cluster, labelled) : [] }
        })
        if (set.value === undefined) return [set.result]
        const { labels, pending } = set.value
        const restarted = await Promise.all(pending.map((key) => restartOne(request, mesh, cluster, key)))
        return [{ ...set.result, labels }, ...restarted]
      })
      return { results: results.flat() }
    },
  )
}

/** Tells the discovery scope of a namespace, as far as the caller may see the Sidecars that say it. */
async function discoveryReader(
  request: FastifyRequest,
  mesh: Mesh,
  clusters: readonly string[],
): Promise<(row: NamespaceView) => Pick<NamespaceView, 'discovery'>> {
  const root = systemNamespaceOf(mesh)
  const sources = new Map(
    await Promise.all(
      clusters.map(async (name) => [name, (await controlPlanesOf(request, mesh, name)).cluster] as const),
    ),
  )
  const read = await readAll(request, [...new Set(sources.values())], 'Sidecar')
  const known = new Map(
    read
      .filter(({ forbidden, failure, objects }) => !forbidden && (failure === undefined || objects.length > 0))
      .map(({ cluster, objects }) => [cluster, Map.groupBy(objects, ({ metadata }) => metadata.namespace ?? '')]),
  )
  return (row) => {
    const cluster = sources.get(row.cluster)
    const sidecars = cluster === undefined ? undefined : known.get(cluster)
    if (cluster === undefined || sidecars === undefined) return {}
    const both = [...(sidecars.get(row.name) ?? []), ...(row.name === root ? [] : (sidecars.get(root) ?? []))]
    return { discovery: { cluster, rootNamespace: root, ...namespaceScope(row.name, root, both) } }
  }
}

interface PolicyChange {
  name: string
  action: InjectionAction
  meshRevision: string | undefined
  dryRun: boolean
  reason: string | undefined
}

/** Writes the labels as the caller; returns the namespace as it is then. Labels that contradict the choice go with it. */
async function setPolicy(
  request: FastifyRequest,
  cluster: string,
  { name, action, meshRevision, dryRun, reason }: PolicyChange,
): Promise<{ labelled: Namespace; labels: LabelChange[] }> {
  const client = await request.kube(cluster)
  const { metadata } = await client.get<Namespace>('Namespace', { name })
  const injectors = await request.injectors(cluster)
  // A mesh of a revision of its own, or a cluster whose webhooks know no default, needs the revision in the label.
  const needed =
    meshRevision !== undefined && meshRevision !== 'default' ? meshRevision : injectors && revisionToEnable(injectors)
  const patch = injectionLabelPatch(action, metadata.labels, action === 'enable' ? needed : undefined)
  const options = { strategy: PatchStrategy.merge, dryRun, fieldManager: fieldManagerOf(request.caller) }
  const { resource } = await client.patch<Namespace>('Namespace', { name }, patchWithReason(patch, reason), options)
  return { labelled: resource, labels: labelChanges(metadata.labels, resource.metadata.labels) }
}

/** What became of the labels that the injection policy is made of. */
function labelChanges(before: Namespace['metadata']['labels'], after: Namespace['metadata']['labels']): LabelChange[] {
  return [INJECTION_LABEL, REVISION_LABEL].flatMap((label) => {
    const [old, next] = [before?.[label], after?.[label]]
    if (old === next) return []
    return [{ label, ...(old === undefined ? {} : { before: old }), ...(next === undefined ? {} : { after: next }) }]
  })
}

/** The workloads that the namespace's labels, as just written, leave waiting. The cache may not have seen them yet. */
async function pendingWorkloads(
  request: FastifyRequest,
  cluster: string,
  namespace: Namespace,
): Promise<WorkloadKey[]> {
  const { snapshots } = await snapshotsOf(request, [cluster])
  return snapshots.flatMap((snapshot) => {
    const { pending } = namespaceInjection({
      namespace,
      pods: snapshot.podsIn(namespace.metadata.name),
      workloads: snapshot.workloadsIn(namespace.metadata.name),
      replicaSets: snapshot.replicaSetIndex,
      ...(snapshot.webhooks === undefined ? {} : { webhooks: snapshot.webhooks }),
    })
    return pending.filter(({ kind }) => RESTARTABLE.has(kind))
  })
}

/** Restarts a workload as `kubectl rollout restart` does: by an annotation of its pod template. */
async function restartOne(
  request: FastifyRequest,
  mesh: Mesh,
  cluster: string,
  { kind, namespace, name }: WorkloadKey,
): Promise<TargetResult> {
  const kindId: KindId = kind === 'StatefulSet' || kind === 'DaemonSet' ? kind : 'Deployment'
  const { result } = await attempt(request, { cluster, kind: kindId, namespace, name }, async () => {
    assertMember(mesh, cluster)
    const annotations = { [RESTARTED_AT_ANNOTATION]: new Date().toISOString() }
    const client = await request.kube(cluster)
    await client.patch(
      kindId,
      { namespace, name },
      { spec: { template: { metadata: { annotations } } } },
      { strategy: PatchStrategy.merge },
    )
  })
  return result
}

const namespaceRows: RowReader<NamespaceView> = {
  columns: {
    name: ({ name }) => name,
    cluster: ({ cluster }) => cluster,
    state: ({ state }) => state,
    policy: ({ policy }) => policy,
    pods: ({ pods }) => pods,
    injectedPods: ({ injectedPods }) => injectedPods,
    workloads: ({ workloads }) => workloads,
    pendingWorkloads: ({ pendingWorkloads: pending }) => pending,
    discovery: ({ discovery }) => discovery?.scope,
  },
  labels: ({ labels }) => labels,
  namespace: ({ name }) => name,
  clusters: ({ cluster }) => [cluster],
}
