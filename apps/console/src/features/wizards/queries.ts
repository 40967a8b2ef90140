import {
  paths,
  tlsPaths,
  wizardPaths,
  type ResourcePage,
  type ServiceDetail,
  type ServicePage,
  type TlsSecretPage,
  type Topology,
  type TrustDomains,
  type WorkloadPage,
} from '@meshdeck/contract'
import { readPath, type KindId, type KubeResource } from '@meshdeck/kube'
import type { WizardService } from '@meshdeck/mesh'
import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'

/** The most that a list route gives at once. */
const ALL = 1000
/** As many as a menu shows; typing narrows them. */
const OFFERED = 50
const HOUR_SECONDS = 3_600
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

/** The account that a workload's pods run as, by `cluster namespace/name`. */
export type Accounts = ReadonlyMap<string, string>

export const wizardQueries = {
  /** Services whose name has a text in it, as `namespace/name`. */
  services: (mesh: string, search: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['Service'], 'wizard-services', search] as const,
      queryFn: ({ signal }) =>
        api.get<ServicePage>(paths.meshServices(mesh, { search, pageSize: OFFERED }), { signal }),
      select: (page) => page.items.map(({ namespace, name }) => `${namespace}/${name}`),
      placeholderData: keepPreviousData,
    }),
  service: (mesh: string, full: string) => {
    const [namespace = '', name = ''] = full.split('/')
    return queryOptions({
      queryKey: [meshScope(mesh), ['Service', 'Pod'], 'wizard-service', namespace, name] as const,
      queryFn:
        name === ''
          ? skipToken
          : ({ signal }) => api.get<ServiceDetail>(paths.meshService(mesh, namespace, name), { signal }),
      select: toWizardService,
    })
  },
  /** Everything of a kind in a cluster, or in a namespace of it, with the versions that changes are based on. */
  existing: (cluster: string, kind: KindId, namespace?: string) =>
    queryOptions({
      queryKey: [cluster, kind, 'wizard-existing', namespace] as const,
      queryFn: ({ signal }) =>
        api.get<ResourcePage>(paths.resources(cluster, kind, { pageSize: ALL, namespace }), { signal }),
    }),
  /** What callers are called by their certificates, cluster by cluster. */
  trustDomains: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['ConfigMap'], 'wizard-trust-domains'] as const,
      queryFn: ({ signal }) => api.get<TrustDomains>(wizardPaths.trustDomains(mesh), { signal }),
      staleTime: 60_000,
    }),
  /** A kind over all clusters of the mesh, to choose from. */
  offered: (mesh: string, kind: KindId) =>
    queryOptions({
      queryKey: [meshScope(mesh), kind, 'wizard-offered'] as const,
      queryFn: ({ signal }) => api.get<ResourcePage>(paths.meshResources(mesh, kind, { pageSize: ALL }), { signal }),
      staleTime: 60_000,
      retry: false,
    }),
  secrets: (mesh: string, cluster: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), ['Secret'], 'wizard-secrets', cluster] as const,
      queryFn: ({ signal }) => api.get<TlsSecretPage>(tlsPaths.list(mesh, { cluster, pageSize: ALL }), { signal }),
      select: ({ items }) => [...new Set(items.filter(({ hasKey }) => hasKey).map(({ name }) => name))],
      retry: false,
    }),
  /** Who called whom in the last hour, workload by workload. */
  calls: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), [], 'wizard-calls'] as const,
      queryFn: ({ signal }) =>
        api.get<Topology>(paths.topology(mesh, { view: 'workload', window: HOUR_SECONDS }), { signal }),
      staleTime: 60_000,
      retry: false,
    }),
  /** Workloads of people whose pods have no sidecar, as `namespace/name`. */
  plainWorkloads: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), WORKLOADS, 'wizard-plain'] as const,
      queryFn: ({ signal }) =>
        api.get<WorkloadPage>(
          paths.meshWorkloads(mesh, { injection: 'not-injected', system: false, pageSize: OFFERED }),
          { signal },
        ),
      select: ({ items }) => items.filter(({ pods }) => pods > 0).map(({ namespace, name }) => `${namespace}/${name}`),
      staleTime: 60_000,
      retry: false,
    }),
  /** What the pods of each workload run as. */
  accounts: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), WORKLOADS, 'wizard-accounts'] as const,
      queryFn: async ({ signal }): Promise<Accounts> => {
        const pages = await Promise.all(
          WORKLOADS.map((kind) =>
            api.get<ResourcePage>(paths.meshResources(mesh, kind, { pageSize: ALL }), { signal }),
          ),
        )
        return new Map(
          pages.flatMap(({ items }) =>
            items.map(({ cluster, resource }) => [
              `${cluster} ${resource.metadata.namespace ?? ''}/${resource.metadata.name}`,
              accountOf(resource),
            ]),
          ),
        )
      },
      staleTime: 60_000,
      retry: false,
    }),
}

function accountOf(workload: KubeResource): string {
  const name = readPath(workload, 'spec.template.spec.serviceAccountName')
  return typeof name === 'string' && name !== '' ? name : 'default'
}

function toWizardService({ service, addresses }: ServiceDetail): WizardService {
  return {
    namespace: service.namespace,
    name: service.name,
    ports: service.ports
      .filter(({ protocol }) => protocol === 'TCP')
      .map(({ port, name, targetPort, appProtocol }) => ({
        port,
        ...(name === undefined ? {} : { name }),
        ...(targetPort === undefined ? {} : { targetPort }),
        ...(appProtocol === undefined ? {} : { protocol: appProtocol }),
      })),
    labels: service.labels,
    versions: service.versions,
    selector: addresses.find(({ selector }) => Object.keys(selector).length > 0)?.selector ?? {},
  }
}
