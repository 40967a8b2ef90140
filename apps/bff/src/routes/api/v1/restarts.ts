import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  ActOnRestart,
  API_ROOT,
  MeshParams,
  RestartList,
  RestartParams,
  StartedRestart,
  StartRestart,
  type RestartAction,
  type RestartRow,
} from '@meshdeck/contract'
import {
  HUB,
  MESH_LABEL,
  MESHDECK_API_VERSION,
  RESTART_ALLOWED_ANNOTATION,
  type Restart,
  type RestartSpec,
  type RestartTarget,
} from '@meshdeck/kube'
import { PatchStrategy } from '@meshdeck/kube-client'
import type { FastifyRequest } from 'fastify'
import { mapBounded } from '../../../lib/bounded.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { assertMember, attempt, PARALLEL_TARGETS, type TargetResult } from './batch-target.ts'
import { hubRecords, meshOf } from './mesh-scope.ts'

const CHANGES: Readonly<Record<RestartAction, Partial<RestartSpec>>> = {
  pause: { paused: true },
  resume: { paused: false },
  'go-on': { paused: false, onStuck: 'GoOn' },
  stop: { stopped: true },
}

/** Rolling restarts: begun and steered here as the caller, done by the controller. */
export const restartRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const path = `${API_ROOT}/meshes/:mesh/restarts`

  app.get(path, { schema: { params: MeshParams, response: { 200: RestartList } } }, async (request) => {
    const { metadata } = await meshOf(request, request.params.mesh)
    const restarts = await hubRecords<Restart>(request, 'Restart')
    const rows = restarts.filter(({ spec }) => spec.mesh === metadata.name).map(toRow)
    return { items: rows.toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? '')) }
  })

  app.post(
    path,
    { schema: { params: MeshParams, body: StartRestart, response: { 200: StartedRestart } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { targets, batchSize } = request.body
      for (const { cluster } of targets) assertMember(mesh, cluster)
      const meshName = mesh.metadata.name
      // Nothing is begun that could not be done as a whole.
      const tried = await allowAll(request, targets, 'none', true)
      if (tried.some(({ ok }) => !ok)) return { results: tried }
      const hub = await request.kube(HUB)
      const { resource } = await hub.create<Restart>('Restart', {
        apiVersion: MESHDECK_API_VERSION,
        kind: 'Restart',
        metadata: { name: `${meshName}-${randomBytes(4).toString('hex')}`, labels: { [MESH_LABEL]: meshName } },
        spec: { mesh: meshName, targets, ...(batchSize === undefined ? {} : { batchSize }) },
      })
      const { name, uid = '' } = resource.metadata
      return { name, results: await allowAll(request, targets, uid, false) }
    },
  )

  app.post(
    `${path}/:name/-act`,
    { schema: { params: RestartParams, body: ActOnRestart, response: { 200: ActOnRestart } } },
    async (request) => {
      const { mesh, name } = request.params
      const hub = await request.kube(HUB)
      const { spec } = await hub.get<Restart>('Restart', { name })
      if (spec.mesh !== mesh) throw new ProblemError('not-found', `Mesh ${mesh} has no restart ${name}`)
      const change = { spec: CHANGES[request.body.action] }
      await hub.patch('Restart', { name }, change, { strategy: PatchStrategy.merge })
      return request.body
    },
  )
}

/** Writes into each workload, as the caller, which Restart may restart it: the cluster lets those who may do that themselves. */
async function allowAll(
  request: FastifyRequest,
  targets: readonly RestartTarget[],
  uid: string,
  dryRun: boolean,
): Promise<TargetResult[]> {
  const patch = { metadata: { annotations: { [RESTART_ALLOWED_ANNOTATION]: uid } } }
  return mapBounded(targets, PARALLEL_TARGETS, async ({ cluster, kind, namespace, name }) => {
    const { result } = await attempt(request, { cluster, kind, namespace, name }, async () => {
      const client = await request.kube(cluster)
      await client.patch(kind, { namespace, name }, patch, { strategy: PatchStrategy.merge, dryRun })
    })
    return result
  })
}

function toRow({ metadata, spec, status }: Restart): RestartRow {
  const { name, creationTimestamp: createdAt } = metadata
  return {
    name,
    total: spec.targets.length,
    done: status?.done ?? 0,
    failed: status?.failed ?? 0,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(status === undefined ? {} : { phase: status.phase }),
    ...(status?.finishedAt === undefined ? {} : { finishedAt: status.finishedAt }),
  }
}
