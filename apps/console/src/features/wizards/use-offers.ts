import { readPath } from '@meshdeck/kube'
import { isGatewayWorkload, principalOf, speaksGrpc, streamChoices, type WizardWorld } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import type { Source } from './catalogue.ts'
import { wizardQueries } from './queries.ts'
import { domainsOf } from './use-wizard-world.ts'

/** What there is to choose from for a field; empty where it cannot be asked, and then it is typed. */
export function useOffers(source: Source | undefined, cluster: string, world: WizardWorld): string[] {
  const { service } = world
  const { mesh } = useMeshScope()
  const wants = (wanted: Source) => source === wanted
  const namespaces = useQuery({ ...resourceQueries.namespaces(mesh), enabled: wants('namespaces') })
  const gateways = useQuery({ ...wizardQueries.existing(cluster, 'Gateway'), enabled: wants('gateways') })
  const workloads = useQuery({ ...wizardQueries.offered(mesh, 'Deployment'), enabled: wants('gatewayLabels') })
  const accounts = useQuery({ ...wizardQueries.offered(mesh, 'ServiceAccount'), enabled: wants('principals') })
  const trust = useQuery({ ...wizardQueries.trustDomains(mesh), enabled: wants('principals') })
  const secrets = useQuery({ ...wizardQueries.secrets(mesh, cluster), enabled: wants('secrets') })
  const resources = (page: typeof workloads.data) => (page?.items ?? []).map(({ resource }) => resource)
  switch (source) {
    case undefined:
      return []
    case 'versions':
      return [...(service?.versions ?? [])]
    case 'ports':
      return (service?.ports ?? []).map(({ port }) => String(port))
    case 'streams':
      return [...streamChoices(world)]
    case 'faults':
      return ['delay', 'abort', ...(service !== undefined && speaksGrpc(service) ? ['grpc'] : []), 'none']
    case 'namespaces':
      return [...new Set((namespaces.data ?? []).map(({ namespace }) => namespace))].toSorted()
    case 'gateways':
      return resources(gateways.data).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)
    case 'secrets':
      return secrets.data ?? []
    case 'principals':
      return [
        ...new Set(
          (accounts.data?.items ?? []).map(({ cluster: home, resource: { metadata } }) =>
            principalOf({
              domain: domainsOf(trust.data, home)[0] ?? '',
              namespace: metadata.namespace ?? '',
              account: metadata.name,
            }),
          ),
        ),
      ]
    case 'gatewayLabels':
      return [
        ...new Set(
          resources(workloads.data).flatMap((workload) => {
            const value = readPath(workload, 'spec.template.metadata.labels.istio')
            return typeof value === 'string' && isGatewayWorkload({ istio: value }) ? [`istio=${value}`] : []
          }),
        ),
      ]
    default:
      return [...source]
  }
}
