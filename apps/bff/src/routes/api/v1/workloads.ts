import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  BatchResult,
  MeshParams,
  SetSidecar,
  WorkloadPage,
  WorkloadParams,
  WorkloadQuery,
  WorkloadSidecars,
  type WorkloadView,
} from '@meshdeck/contract'
import { PatchStrategy } from '@meshdeck/kube-client'
import {
  isSystemNamespace,
  patchWithReason,
  settingProblem,
  SIDECAR_SETTINGS,
  sidecarPatch,
  systemNamespaceOf,
} from '@meshdeck/mesh'
import { mapBounded } from '../../../lib/bounded.ts'
import { fieldManagerOf } from '../../../lib/field-manager.ts'
import { pageOf, splitList, type RowReader } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { alignedNow } from '../../../lib/prometheus/prometheus-client.ts'
import { fetchSidecarUsage } from '../../../lib/prometheus/sidecar-usage.ts'
import { toSidecarViews, withUsage } from '../../../lib/views/sidecars.ts'
import { injectionOf, toWorkloadViews } from '../../../lib/views/workloads.ts'
import { askSources } from './mesh-metrics.ts'
import { assertMember, attempt, PARALLEL_TARGETS } from './batch-target.ts'
import { assertVisible, clustersOf, controlPlanesOf, meshOf, snapshotsOf } from './mesh-scope.ts'

/** Deployments, stateful sets and daemon sets of a mesh, with their sidecars, and the settings of these. */
export const workloadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { params: MeshParams, querystring: WorkloadQuery, response: { 200: WorkloadPage } }
  app.get(`${API_ROOT}/meshes/:mesh/workloads`, { schema }, async (request) => {
    const mesh = await meshOf(request, request.params.mesh)
    const clusters = clustersOf(mesh, request.query)
    const read = await snapshotsOf(request, clusters, 'Deployment')
    assertVisible(read, 'Deployment', clusters)
    const { injection, reason, outdated = false, system = true, ...query } = request.query
    const states = splitList(injection)
    const reasons = splitList(reason)
    const root = systemNamespaceOf(mesh)
    const rows = await Promise.all(
      read.snapshots.map(async (snapshot) => {
        const { istiods } = await controlPlanesOf(request, mesh, snapshot.cluster)
        return toWorkloadViews(snapshot, istiods)
      }),
    )
    const isShown = (row: WorkloadView): boolean => system || !isSystemNamespace(row.namespace, root)
    const wanted = (row: WorkloadView): boolean =>
      (states?.has(row.injection) ?? true) &&
      (reasons?.has(row.reason) ?? true) &&
      (!outdated || row.outdated !== undefined) &&
      isShown(row)
    return {
      ...pageOf(rows.flat(), query, workloadRows, wanted),
      outdated: rows.flat().filter((row) => row.outdated !== undefined && isShown(row)).length,
      failures: read.failures,
    }
  })

  const sidecars = { params: WorkloadParams, response: { 200: WorkloadSidecars } }
  app.get(
    `${API_ROOT}/meshes/:mesh/workloads/:cluster/:namespace/:kind/:name/sidecars`,
    { schema: sidecars },
    async (request) => {
      const { cluster, kind, namespace, name } = request.params
      const mesh = await meshOf(request, request.params.mesh)
      assertMember(mesh, cluster)
      const read = await snapshotsOf(request, [cluster], 'Pod')
      assertVisible(read, 'Pod', [cluster])
      const [snapshot] = read.snapshots
      const workload = snapshot
        ?.workloadsIn(namespace)
        .find((each) => each.kind === kind && each.metadata.name === name)
      if (snapshot === undefined || workload === undefined) {
        throw new ProblemError('not-found', `There is no ${kind} ${namespace}/${name}`, { cluster })
      }
      const { istiods } = await controlPlanesOf(request, mesh, cluster)
      const { revision = 'default' } = injectionOf(snapshot, workload)
      const controlPlane = istiods.find((istio) => istio.revision === revision)
      const at = alignedNow()
      const { answers, failures } = await askSources(request, [cluster], ({ client, clusters }) =>
        fetchSidecarUsage(client, { cluster, namespace, name, isShared: clusters.length > 1 }, at),
      )
      const usage = answers[0]?.answer
      return {
        items: toSidecarViews(snapshot, workload, istiods).map((view) => withUsage(view, usage?.get(view.pod) ?? {})),
        ...(controlPlane === undefined ? {} : { controlPlane: { revision, version: controlPlane.version } }),
        failures: [...read.failures, ...failures],
      }
    },
  )

  const body = { params: MeshParams, body: SetSidecar, response: { 200: BatchResult } }
  app.post(`${API_ROOT}/meshes/:mesh/workloads/-sidecar`, { schema: body }, async (request) => {
    const mesh = await meshOf(request, request.params.mesh)
    const { action, settings, dryRun = false, targets, reason } = request.body
    const fields = SIDECAR_SETTINGS.flatMap((setting) => {
      const problem = settingProblem(setting, settings?.[setting] ?? '')
      return problem === undefined ? [] : [{ field: `settings.${setting}`, message: RULES[problem] }]
    })
    if (fields.length > 0) throw new ProblemError('invalid-input', fields[0]?.message ?? '', { fields })
    const change = sidecarPatch({
      ...(action === undefined ? {} : { action }),
      ...(settings === undefined ? {} : { settings }),
    })
    const patch = patchWithReason(change, reason)
    const fieldManager = fieldManagerOf(request.caller)
    const results = await mapBounded(targets, PARALLEL_TARGETS, async ({ cluster, kind, namespace, name }) => {
      const { result } = await attempt(request, { cluster, kind, namespace, name }, async () => {
        assertMember(mesh, cluster)
        const client = await request.kube(cluster)
        await client.patch(kind, { namespace, name }, patch, { strategy: PatchStrategy.merge, dryRun, fieldManager })
      })
      return result
    })
    return { results }
  })
}

const RULES = {
  quantity: 'Quantities are written such as 100m, 2, 128Mi or 1Gi.',
  logLevel: 'Log levels are trace, debug, info, warning, error, critical and off; one logger’s is written rbac:debug.',
  ports: 'Ports are numbers from 1 to 65535, separated by commas.',
  cidrs: 'Ranges are written such as 10.0.0.0/8, separated by commas.',
} as const

const workloadRows: RowReader<WorkloadView> = {
  columns: {
    name: ({ name }) => name,
    namespace: ({ namespace }) => namespace,
    cluster: ({ cluster }) => cluster,
    kind: ({ kind }) => kind,
    version: ({ version }) => version,
    pods: ({ pods }) => pods,
    injectedPods: ({ injectedPods }) => injectedPods,
    ready: ({ ready }) => ready,
    injection: ({ injection }) => injection,
    created: ({ created }) => created,
  },
  texts: ({ services }) => services,
  labels: ({ labels }) => labels,
  namespace: ({ namespace }) => namespace,
  clusters: ({ cluster }) => [cluster],
}
