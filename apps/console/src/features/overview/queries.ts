import {
  overviewPaths,
  paths,
  withQuery,
  type MeshCertificates,
  type MeshFigures,
  type NamespacePage,
  type WorkloadPage,
} from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'

const WORKLOADS: readonly KindId[] = ['Deployment', 'StatefulSet', 'DaemonSet']
const INJECTION: readonly KindId[] = ['Namespace', ...WORKLOADS, 'ReplicaSet', 'Pod', 'MutatingWebhookConfiguration']
const CERTIFICATES: readonly KindId[] = ['Mesh']

const countOf = ({ total }: { total: number }): number => total

/** Counts of a mesh that no other query of the overview tells: a page of one row, of which only the total is read. */
export const countQueries = {
  /** Namespaces that are not the system's; only some of them by a filter. */
  namespaces: (mesh: string, filter: { policy?: 'enabled'; pending?: true } = {}) =>
    queryOptions({
      queryKey: [meshScope(mesh), INJECTION, 'namespace-count', filter] as const,
      queryFn: ({ signal }) =>
        api.get<NamespacePage>(paths.meshInjection(mesh, { ...filter, system: false, pageSize: 1 }), { signal }),
      select: countOf,
    }),
  workloads: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), WORKLOADS, 'workload-count'] as const,
      queryFn: ({ signal }) => api.get<WorkloadPage>(paths.meshWorkloads(mesh, { pageSize: 1 }), { signal }),
      select: countOf,
    }),
}

export const CHART_RANGES = ['1h', '6h', '24h'] as const
export type ChartRange = (typeof CHART_RANGES)[number]
const HOUR_SECONDS = 3_600

/** What the mesh does: series over time and the services that stand out now. Metrics have no events. */
export const figuresQuery = (mesh: string, range: ChartRange, refreshSeconds: number) =>
  queryOptions({
    queryKey: [meshScope(mesh), [], 'figures', range] as const,
    queryFn: ({ signal }) =>
      api.get<MeshFigures>(withQuery(overviewPaths.figures(mesh), { range: Number.parseInt(range) * HOUR_SECONDS }), {
        signal,
      }),
    refetchInterval: refreshSeconds === 0 ? false : refreshSeconds * 1000,
    placeholderData: keepPreviousData,
  })

export const certificatesQuery = (mesh: string) =>
  queryOptions({
    queryKey: [meshScope(mesh), CERTIFICATES, 'certificates'] as const,
    queryFn: ({ signal }) => api.get<MeshCertificates>(overviewPaths.certificates(mesh), { signal }),
    staleTime: 300_000,
  })
