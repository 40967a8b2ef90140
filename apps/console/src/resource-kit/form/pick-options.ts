import { readPath, type KindId } from '@meshdeck/kube'
import { isGatewayWorkload } from '@meshdeck/mesh'
import { useQueries } from '@tanstack/react-query'
import { choiceQueries, toChoices } from './choices.ts'
import type { Pick } from './field-spec.ts'
import { useFormState } from './form-state.ts'

const READS: Readonly<Record<Exclude<Pick, readonly string[]>, readonly KindId[]>> = {
  host: ['Service', 'ServiceEntry'],
  gateway: ['Gateway'],
  namespace: ['Namespace'],
  exportTo: ['Namespace'],
  secret: ['Secret'],
  principal: ['ServiceAccount'],
  gatewayLabels: ['Deployment'],
}
const NOTHING: readonly KindId[] = []
const TRUST_DOMAIN = 'cluster.local'

/** What there is to choose from in the form's cluster; empty where it cannot be asked, and then everything is typed. */
export function usePickOptions(pick: Pick | undefined): readonly string[] {
  const { cluster, namespace } = useFormState()
  const kinds = pick === undefined || typeof pick !== 'string' ? NOTHING : READS[pick]
  const pages = useQueries({ queries: kinds.map((kind) => choiceQueries.of(cluster, kind)) })
  if (pick === undefined) return []
  if (typeof pick !== 'string') return pick
  const [first, second] = pages.map(({ data }) => data)
  const objects = (first?.items ?? []).map(({ resource }) => resource)
  const names = objects.map(({ metadata }) => metadata.name)
  switch (pick) {
    case 'host': {
      const { hosts = [] } = toChoices(namespace, {
        services: first,
        entries: second,
        rules: undefined,
        gateways: undefined,
      })
      return [...new Set(hosts.map(({ host }) => host))]
    }
    case 'gateway':
      return objects.map(({ metadata }) =>
        metadata.namespace === namespace ? metadata.name : `${metadata.namespace ?? ''}/${metadata.name}`,
      )
    case 'namespace':
      return names
    case 'exportTo':
      return ['.', '*', ...names]
    case 'secret':
      return [
        ...new Set(
          objects
            .filter((secret) => String(secret['type']).startsWith('kubernetes.io/tls') || secret['type'] === 'Opaque')
            .map(({ metadata }) => metadata.name),
        ),
      ]
    case 'principal':
      return objects.map(({ metadata }) => `${TRUST_DOMAIN}/ns/${metadata.namespace ?? ''}/sa/${metadata.name}`)
    case 'gatewayLabels':
      return [
        ...new Set(
          objects.flatMap((workload) => {
            const labels = readPath(workload, 'spec.template.metadata.labels') as Record<string, string> | undefined
            const value = labels?.['istio']
            return value !== undefined && isGatewayWorkload(labels) ? [`istio=${value}`] : []
          }),
        ),
      ]
  }
}
