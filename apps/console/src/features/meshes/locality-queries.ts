import { wizardPaths, type LocalityList } from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { FLEET } from '../../lib/query-keys.ts'

const KINDS: readonly KindId[] = ['Cluster']

/** Regions and zones that the nodes of the fleet are in. Nodes come and go; where a cluster lies hardly changes. */
export const localitiesQuery = () =>
  queryOptions({
    queryKey: [FLEET, KINDS, 'localities'] as const,
    queryFn: ({ signal }) => api.get<LocalityList>(wizardPaths.localities, { signal }),
  })

/** Places of some clusters to pick from: whole regions, and for a distribution their zones, too. */
export function placesIn(
  { items }: Pick<LocalityList, 'items'>,
  clusters: readonly string[],
): { regions: string[]; places: string[] } {
  const near = items.filter(({ cluster }) => clusters.includes(cluster))
  const regions = [...new Set(near.map(({ region }) => region))].toSorted()
  const zones = near.flatMap(({ region, zone }) => (zone === undefined ? [] : [`${region}/${zone}/*`]))
  return { regions, places: [...new Set([...regions.map((region) => `${region}/*`), ...zones])].toSorted() }
}
