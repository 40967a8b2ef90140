import { paths, type ServicePage } from '@meshdeck/contract'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'

/** Enough to choose from; of a larger mesh names can be typed. */
const MOST_NAMES = 1000

export const serviceNameQueries = {
  /** Names of the services of a mesh. */
  of: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), 'Service', 'names'] as const,
      queryFn: ({ signal }) =>
        api.get<ServicePage>(paths.meshServices(mesh, { pageSize: MOST_NAMES, sort: 'name' }), { signal }),
      select: (page) => page.items.map(({ namespace, name }) => ({ namespace, name })),
      staleTime: 60_000,
      meta: { silent: true },
    }),
}
