import {
  paths,
  type BatchResult,
  type NamespacePage,
  type ResourcePage,
  type SetInjection,
  type SetSidecar,
  type WorkloadPage,
  type WorkloadSidecars,
} from '@meshdeck/contract'
import type { KindId, KubeResource } from '@meshdeck/kube'
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'
import { askedOnce, invalidateKind } from '../../resource-kit/resource-queries.ts'
import type { NamespaceTarget, WorkloadTarget } from './targets.ts'

export interface NamespaceListParams {
  page: number
  pageSize: number
  sort: string
  search: string
  clusters: readonly string[]
  policies: readonly string[]
  scopes: readonly string[]
  pending: boolean
  system: boolean
}

export interface WorkloadListParams {
  page: number
  pageSize: number
  sort: string
  search: string
  clusters: readonly string[]
  namespaces: readonly string[]
  states: readonly string[]
  reasons: readonly string[]
  outdated: boolean
  system: boolean
}

/** What a workload's sidecars are told from. */
const WORKLOAD_KINDS: readonly KindId[] = ['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod']
const INJECTION_KINDS: readonly KindId[] = [...WORKLOAD_KINDS, 'MutatingWebhookConfiguration']
const NAMESPACE_KINDS: readonly KindId[] = [...INJECTION_KINDS, 'Sidecar']
/** Reasons by which nothing but the mesh's default decides. */
export const UNDECIDED = ['unset', 'ambient', 'mesh-default'] as const
/** As often Prometheus asks the kubelets at most. */
const USAGE_MS = 15_000
/** As many as the BFF hands out at once. */
const ALL = 1000

/** Queries about sidecar injection by namespace. */
export const namespaceQueries = {
  /** One page of the namespaces of a mesh's clusters. */
  list: (mesh: string, params: NamespaceListParams) =>
    queryOptions({
      queryKey: [meshScope(mesh), NAMESPACE_KINDS, 'injection', params] as const,
      queryFn: ({ signal }) => {
        const { clusters, policies, scopes, ...rest } = params
        const query = { ...rest, cluster: clusters.join(','), policy: policies.join(','), discovery: scopes.join(',') }
        return api.get<NamespacePage>(paths.meshInjection(mesh, query), { signal })
      },
      placeholderData: keepPreviousData,
    }),
  /** One namespace; undefined in `items` when it is gone. */
  one: (mesh: string, { cluster, namespace }: NamespaceTarget) =>
    queryOptions({
      queryKey: [meshScope(mesh), NAMESPACE_KINDS, 'injection-of', cluster, namespace] as const,
      queryFn: ({ signal }) => api.get<NamespacePage>(paths.meshInjection(mesh, { cluster, namespace }), { signal }),
    }),
  /** All workloads of some namespaces. */
  workloads: (mesh: string, targets: readonly NamespaceTarget[]) => {
    const clusters = distinct(targets.map(({ cluster }) => cluster))
    const namespaces = distinct(targets.map(({ namespace }) => namespace))
    return queryOptions({
      queryKey: [meshScope(mesh), INJECTION_KINDS, 'workloads', clusters, namespaces] as const,
      queryFn: ({ signal }) => {
        const query = { cluster: clusters, namespace: namespaces, pageSize: ALL }
        return api.get<WorkloadPage>(paths.meshWorkloads(mesh, query), { signal })
      },
      // The question is about every namespace of the list in every cluster of the list; only the pairs are wanted.
      select: (page) => ({
        ...page,
        items: page.items.filter((item) =>
          targets.some(({ cluster, namespace }) => cluster === item.cluster && namespace === item.namespace),
        ),
      }),
    })
  },
  /** One page of the workloads of a mesh's clusters. */
  workloadPage: (mesh: string, params: WorkloadListParams) =>
    queryOptions({
      queryKey: [meshScope(mesh), INJECTION_KINDS, 'workload-page', params] as const,
      queryFn: ({ signal }) => {
        const { clusters, namespaces, states, reasons, ...rest } = params
        const query = {
          ...rest,
          cluster: clusters.join(','),
          namespace: namespaces.join(','),
          injection: states.join(','),
          reason: reasons.join(','),
        }
        return api.get<WorkloadPage>(paths.meshWorkloads(mesh, query), { signal })
      },
      placeholderData: keepPreviousData,
    }),
  /** The workloads that say nothing of injection, in namespaces that say nothing: what the mesh-wide switch is about. */
  undecided: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), INJECTION_KINDS, 'undecided'] as const,
      queryFn: ({ signal }) => {
        const query = { reason: UNDECIDED.join(','), pageSize: ALL }
        return api.get<WorkloadPage>(paths.meshWorkloads(mesh, query), { signal })
      },
    }),
  /** The sidecars of one workload, with what they use; asked again as often as it is measured. */
  sidecars: (mesh: string, { cluster, kind, namespace, name }: WorkloadTarget) =>
    queryOptions({
      queryKey: [meshScope(mesh), INJECTION_KINDS, 'sidecars', cluster, kind, namespace, name] as const,
      queryFn: ({ signal }) =>
        api.get<WorkloadSidecars>(paths.workloadSidecars(mesh, { cluster, kind, namespace, name }), { signal }),
      refetchInterval: USAGE_MS,
    }),
  /** Workload objects of one kind, with the status that a rollout is told from. */
  rollouts: (cluster: string, kind: KindId, namespaces: readonly string[]) =>
    queryOptions({
      queryKey: [cluster, kind, 'rollouts', distinct(namespaces)] as const,
      queryFn: ({ signal }) => {
        const query = { namespace: distinct(namespaces), pageSize: ALL }
        return api.get<ResourcePage>(paths.resources(cluster, kind, query), { signal })
      },
      select: (page): KubeResource[] => page.items.map(({ resource }) => resource),
    }),
  /** What setting the injection would change, by the API server's own dry run. Asked anew for each dialog. */
  plan: (mesh: string, input: Omit<SetInjection, 'restart' | 'dryRun'>) =>
    queryOptions({
      queryKey: ['injection-plan', mesh, input] as const,
      queryFn: async ({ signal }) =>
        (await api.post<BatchResult>(paths.setInjection(mesh), { ...input, restart: false, dryRun: true }, { signal }))
          .data,
      ...askedOnce,
    }),
}

const distinct = (names: readonly string[]): string => [...new Set(names)].toSorted().join(',')

/** Sets the injection of namespaces; each target has a result of its own, so the dialog shows them. */
export function useSetInjection(mesh: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (input: Omit<SetInjection, 'restart' | 'dryRun'>) =>
      (await api.post<BatchResult>(paths.setInjection(mesh), { ...input, restart: false })).data,
    meta: { silent: true },
    onSettled: (_data, _error, { targets }) => {
      for (const cluster of new Set(targets.map((target) => target.cluster)))
        invalidateKind(client, cluster, 'Namespace')
    },
  })
}

/**
 * Sets injection or settings of workloads. All of it is tried first; when one of them is refused nothing is changed
 * (`applied` is false), and the results say what was wrong.
 */
export function useSetSidecar(mesh: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (input: Omit<SetSidecar, 'dryRun'>) => {
      const post = (dryRun: boolean) => api.post<BatchResult>(paths.setSidecar(mesh), { ...input, dryRun })
      const tried = (await post(true)).data
      if (tried.results.some(({ ok }) => !ok)) return { ...tried, applied: false }
      return { ...(await post(false)).data, applied: true }
    },
    meta: { silent: true },
    onSettled: (_data, _error, { targets }) => {
      for (const { cluster, kind } of targets) invalidateKind(client, cluster, kind)
    },
  })
}
