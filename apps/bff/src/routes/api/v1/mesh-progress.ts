import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, MeshParams, MeshProgress, type ClusterProgress, type ComponentProgress } from '@meshdeck/contract'
import { meshFootprint, MeshPhase, type KubeResource } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import { systemNamespaceOf, troublesOf } from '@meshdeck/mesh'
import { pick, toConditionView } from '../../../lib/views/clusters.ts'
import { componentsOf, toComponent } from '../../../lib/views/meshes.ts'
import type { IndexedSnapshot } from '../../../lib/views/snapshot.ts'
import { meshOf, snapshotsOf } from './mesh-scope.ts'

const EVENTS_READ = 500

/** How far a mesh has come in each of its clusters, with the events and conditions of what does not run. Read as the caller. */
export const meshProgressRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/progress`,
    { schema: { params: MeshParams, response: { 200: MeshProgress } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const names = meshFootprint(mesh)
      const { snapshots, failures } = await snapshotsOf(request, names)
      const clusters = await Promise.all(
        names.map(async (cluster): Promise<ClusterProgress> => {
          const member = mesh.status?.members?.find((each) => each.cluster === cluster)
          const snapshot = snapshots.find((each) => each.cluster === cluster)
          return {
            cluster,
            isControlPlane: cluster === mesh.spec.controlPlane.cluster,
            ...pick({ phase: member?.phase }),
            steps: (member?.conditions ?? []).map(toConditionView),
            components:
              snapshot === undefined
                ? []
                : await componentProgress(() => request.kube(cluster), snapshot, systemNamespaceOf(mesh)),
          }
        }),
      )
      const { metadata, status } = mesh
      return {
        name: metadata.name,
        phase: metadata.deletionTimestamp === undefined ? (status?.phase ?? MeshPhase.Pending) : MeshPhase.Deleting,
        ...pick({ created: metadata.creationTimestamp }),
        conditions: (status?.conditions ?? []).map(toConditionView),
        clusters,
        failures: [...new Map(failures.map((failure) => [failure.cluster, failure])).values()],
      }
    },
  )
}

async function componentProgress(
  client: () => Promise<ResourceClient>,
  snapshot: IndexedSnapshot,
  systemNamespace: string,
): Promise<ComponentProgress[]> {
  const events = new Map<string, ReturnType<typeof eventsIn>>()
  return Promise.all(
    componentsOf(snapshot, systemNamespace).map(async (workload) => {
      const { cluster: _cluster, version: _version, ...component } = toComponent(snapshot, workload)
      if (component.ready >= component.replicas && component.replicas > 0)
        return { ...component, troubles: [], unread: false }
      const { namespace } = component
      const listed = events.get(namespace) ?? eventsIn(client, namespace)
      events.set(namespace, listed)
      const found = await listed
      return {
        ...component,
        troubles: troublesOf(workload, snapshot.podsOf(workload), found ?? []),
        unread: found === undefined,
      }
    }),
  )
}

/** Undefined when the caller may not, or the cluster does not answer now: the rest is told all the same. */
async function eventsIn(
  client: () => Promise<ResourceClient>,
  namespace: string,
): Promise<readonly KubeResource[] | undefined> {
  try {
    return (await (await client()).list('Event', { namespace, limit: EVENTS_READ })).items
  } catch (error) {
    if (error instanceof KubeStatusError) return undefined
    throw error
  }
}
