import {
  paths,
  type ExplainAnswer,
  type ExplainRequest,
  type ResourcePage,
  type ServicePage,
  type WorkloadPage,
} from '@meshdeck/contract'
import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'
import { HEARD_KINDS } from '../../resource-kit/findings-of-kind.ts'

/** As many as a menu shows; typing narrows them. */
const OFFERED = 30
const GATEWAYS_OFFERED = 500
const GATEWAYS = ['Gateway', 'K8sGateway'] as const

export const explainQueries = {
  answer: (mesh: string, request: ExplainRequest | undefined) =>
    queryOptions({
      queryKey: [meshScope(mesh), HEARD_KINDS, 'explain', request] as const,
      queryFn:
        request === undefined
          ? skipToken
          : async ({ signal }) => (await api.post<ExplainAnswer>(paths.explain(mesh), request, { signal })).data,
    }),
  /** Workloads whose name has a text in it, as `namespace/name`. */
  workloads: (mesh: string, search: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['Deployment', 'StatefulSet', 'DaemonSet'], 'workload-names', search] as const,
      queryFn: ({ signal }) =>
        api.get<WorkloadPage>(paths.meshWorkloads(mesh, { search, pageSize: OFFERED }), { signal }),
      select: (page) => [...new Set(page.items.map(({ namespace, name }) => `${namespace}/${name}`))],
      placeholderData: keepPreviousData,
    }),
  /** Services whose name has a text in it, with their ports. */
  services: (mesh: string, search: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['Service'], 'service-names', search] as const,
      queryFn: ({ signal }) =>
        api.get<ServicePage>(paths.meshServices(mesh, { search, pageSize: OFFERED }), { signal }),
      select: (page) =>
        page.items.map(({ namespace, name, ports }) => ({
          host: `${name}.${namespace}`,
          ports: ports.map(({ port }) => port),
        })),
      placeholderData: keepPreviousData,
    }),
  /** Gateways of both kinds. A kind that is not installed has none. */
  gateways: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), GATEWAYS, 'gateway-names'] as const,
      queryFn: async ({ signal }) => {
        const pages = await Promise.allSettled(
          GATEWAYS.map((kind) =>
            api.get<ResourcePage>(paths.meshResources(mesh, kind, { pageSize: GATEWAYS_OFFERED }), { signal }),
          ),
        )
        return pages.flatMap((page, at) =>
          page.status === 'rejected'
            ? []
            : page.value.items.map(
                ({ resource: { metadata } }) => `${GATEWAYS[at] ?? ''}/${metadata.namespace ?? ''}/${metadata.name}`,
              ),
        )
      },
      select: (names) => [...new Set(names)],
    }),
}
