import { paths, type NamespaceView } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { withReason, type WantedScope } from '@meshdeck/mesh'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ApiError } from '../../lib/api.ts'
import { invalidateKind, resourceWrites } from '../../resource-kit/resource-queries.ts'
import { discoveryRef, discoveryStep, type DiscoveryStep } from './discovery-plan.ts'

export interface PlannedScope {
  namespace: NamespaceView
  step: DiscoveryStep
  /** What the API server would keep, by its dry run. */
  after: KubeResource | undefined
  error: unknown
}

export interface AppliedScope {
  namespace: NamespaceView
  error: unknown
}

/** What giving namespaces a scope would change, by the API servers' own dry run. Asked anew for each review. */
export const discoveryPlan = (mesh: string, wanted: WantedScope, namespaces: readonly NamespaceView[]) =>
  queryOptions({
    queryKey: ['discovery-plan', mesh, wanted, namespaces] as const,
    queryFn: () => Promise.all(namespaces.map((namespace) => planOne(namespace, wanted))),
    retry: false,
    staleTime: 'static',
    gcTime: 0,
  })

async function planOne(namespace: NamespaceView, wanted: WantedScope): Promise<PlannedScope> {
  let step: DiscoveryStep = { act: 'none' }
  try {
    step = discoveryStep(namespace, wanted, await ours(namespace))
    return { namespace, step, after: await write(step, '', true), error: undefined }
  } catch (error) {
    return { namespace, step, after: undefined, error }
  }
}

/** Our `Sidecar` as it is now; undefined when it is gone, or was never there. */
async function ours(namespace: NamespaceView): Promise<KubeResource | undefined> {
  if (namespace.discovery?.by?.owner !== 'meshdeck') return undefined
  try {
    return await api.get<KubeResource>(paths.resource(discoveryRef(namespace)))
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}

async function write(step: DiscoveryStep, reason: string, dryRun = false): Promise<KubeResource | undefined> {
  switch (step.act) {
    case 'create':
      return (await resourceWrites.create(step.ref.cluster, 'Sidecar', withReason(step.after, reason), dryRun)).data
    case 'replace':
      return (await resourceWrites.replace(step.ref, withReason(step.after, reason), dryRun)).data
    case 'delete': {
      // Only what was reviewed is taken away.
      const { resourceVersion } = step.before.metadata
      await resourceWrites.delete(step.ref, { resourceVersion, reason, dryRun })
      return undefined
    }
    default:
      return undefined
  }
}

/** Writes what was planned; each namespace has a result of its own. */
export function useApplyDiscovery() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ planned, reason }: { planned: readonly PlannedScope[]; reason: string }): Promise<AppliedScope[]> =>
      Promise.all(
        planned.map(async ({ namespace, step }) => {
          try {
            await write(step, reason)
            return { namespace, error: undefined }
          } catch (error) {
            return { namespace, error }
          }
        }),
      ),
    meta: { silent: true },
    onSettled: (_data, _error, { planned }) => {
      for (const cluster of new Set(planned.map(({ namespace }) => discoveryRef(namespace).cluster)))
        invalidateKind(client, cluster, 'Sidecar')
    },
  })
}
