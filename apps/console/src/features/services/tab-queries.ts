import { servicePaths, type ServiceInstances, type ServiceVersions } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'

const INSTANCE_KINDS: readonly KindId[] = [
  'Service',
  'Pod',
  'Node',
  'WorkloadEntry',
  'PeerAuthentication',
  'EndpointSlice',
]
const VERSION_KINDS: readonly KindId[] = ['Service', 'Pod', 'VirtualService', 'DestinationRule']

/** What single tabs of a service's page ask for. */
export const serviceTabQueries = {
  instances: (mesh: string, namespace: string, name: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), INSTANCE_KINDS, 'service-instances', namespace, name] as const,
      queryFn: ({ signal }) => api.get<ServiceInstances>(servicePaths.instances(mesh, namespace, name), { signal }),
    }),
  /** Metrics have no events, so they are asked for again and again; 0 is never. */
  versions: (mesh: string, namespace: string, name: string, refreshSeconds: number) =>
    queryOptions({
      queryKey: [meshScope(mesh), VERSION_KINDS, 'service-versions', namespace, name] as const,
      queryFn: ({ signal }) => api.get<ServiceVersions>(servicePaths.versions(mesh, namespace, name), { signal }),
      refetchInterval: refreshSeconds === 0 ? false : refreshSeconds * 1000,
    }),
}
