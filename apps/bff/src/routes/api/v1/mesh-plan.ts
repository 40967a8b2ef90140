import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { KubeResource as KubeResourceSchema, MeshPlan, wizardPaths, type PlannedHelmRelease } from '@meshdeck/contract'
import { HUB, isRecord, kindOf, type Cluster, type KubeResource, type Mesh } from '@meshdeck/kube'
import {
  addressDenial,
  KubeStatusError,
  type AddressPolicy,
  type Helm,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { isRelease, planMesh } from '@meshdeck/mesh'
import { mapBounded } from '../../../lib/bounded.ts'
import { planRelease } from '../../../lib/helm-plan.ts'
import { createSemaphore } from '../../../lib/semaphore.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { assertSameObject } from '../../../lib/resource-body.ts'
import { hubRecords } from './mesh-scope.ts'

/** Each runs programs that fetch charts; together they must leave the server its breath. */
const PLANS_AT_A_TIME = 2
const PLANS_WAITING = 8
const CLUSTERS_AT_A_TIME = 2
const LIMIT_MS = 90_000

/** What the Helm releases of a mesh would make, before anything is written: asked of each cluster as the caller. */
export const meshPlanRoutes: FastifyPluginAsyncTypebox<{ helm: Helm; policy: AddressPolicy }> = async (
  app,
  { helm, policy },
) => {
  const semaphore = createSemaphore({
    limit: PLANS_AT_A_TIME,
    maxWaiting: PLANS_WAITING,
    tooMany: () => new ProblemError('too-many-requests', 'Several plans are being made already; ask again in a moment'),
  })

  app.post(wizardPaths.plan, { schema: { body: KubeResourceSchema, response: { 200: MeshPlan } } }, async (request) => {
    assertSameObject(kindOf('Mesh'), request.body, {})
    const mesh = request.body
    // Who may not make the mesh has no business making this server fetch charts; and the hub says what is wrong with it.
    await tryMesh(await request.kube(HUB), mesh)
    if (!isMesh(mesh) || mesh.spec.engine !== 'Helm') return { helm: { ready: true, message: '' }, releases: [] }
    const { charts } = mesh.spec.controlPlane
    if (charts !== undefined) assertReachable(charts, policy)
    const state = await helm.check()
    if (!state.ready) return { helm: state, releases: [] }
    const clusters = await hubRecords<Cluster>(request, 'Cluster')
    const clusterNamed = (name: string) => clusters.find(({ metadata }) => metadata.name === name)
    const planned = planMesh(
      mesh,
      (name) => clusterNamed(name)?.spec.network,
      (name) => clusterNamed(name)?.status?.platform,
    )
    const signal = AbortSignal.timeout(LIMIT_MS)
    const perCluster = await semaphore.run(
      () =>
        mapBounded(planned, CLUSTERS_AT_A_TIME, async ({ cluster, planned: parts }) => {
          const wanted = parts.flatMap((each) => (isRelease(each) ? [each.release] : []))
          const releases: PlannedHelmRelease[] = []
          try {
            const context = {
              cluster,
              helm,
              signal,
              ...(charts === undefined ? {} : { charts }),
              manifests: await request.manifests(cluster),
              kubeconfig: await request.kubeconfig(cluster),
              problemOf: (error: unknown) => request.problemOf(error, cluster),
            }
            for (const release of wanted) releases.push(await planRelease(context, release))
            return releases
          } catch (error) {
            const problem = request.problemOf(error, cluster)
            return wanted.map(({ name, namespace }) => ({ cluster, name, namespace, problem, objects: [] }))
          }
        }),
      signal,
    )
    return { helm: state, releases: perCluster.flat() }
  })
}

async function tryMesh(hub: ResourceClient, mesh: KubeResource): Promise<void> {
  try {
    await hub.create('Mesh', mesh, { dryRun: true })
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.status.reason !== 'AlreadyExists') throw error
    await hub.replace('Mesh', mesh, { dryRun: true })
  }
}

/** The boundary: the hub has taken it, and its schema promises the shape. */
const isMesh = (object: KubeResource): object is Mesh => isRecord(object.spec)

/** A place that people name must not be one that only this server may ask. Throws `ProblemError`. */
function assertReachable(charts: string, policy: AddressPolicy): void {
  const denial = addressDenial(new URL(charts.replace(/^oci:/, 'https:')).hostname, policy)
  if (denial === undefined) return
  const fields = [{ field: 'spec.controlPlane.charts', message: denial }]
  throw new ProblemError('invalid-input', `spec.controlPlane.charts: ${denial}`, { fields })
}
