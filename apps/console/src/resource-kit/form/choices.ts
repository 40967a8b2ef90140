import { paths, type ResourcePage } from '@meshdeck/contract'
import { readPath, type KindId } from '@meshdeck/kube'
import { fullHost, serviceHost } from '@meshdeck/mesh'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { shortestHost } from './hosts.ts'

/** The most that a list route gives at once; a cluster with more is searched by typing a name in full. */
const ALL = 1000

/** Objects of a cluster that a form offers to choose from. */
export const choiceQueries = {
  of: (cluster: string, kind: KindId) =>
    queryOptions({
      queryKey: [cluster, kind, 'choices'] as const,
      queryFn: ({ signal }) => api.get<ResourcePage>(paths.resources(cluster, kind, { pageSize: ALL }), { signal }),
      staleTime: 60_000,
    }),
}

export interface HostChoice {
  /** The shortest name that means it. */
  host: string
  full: string
  ports: number[]
}

/** What the form may offer; `undefined` where the cluster could not be asked. */
export interface Choices {
  hosts: HostChoice[] | undefined
  gateways: { name: string; full: string; hosts: string[] }[] | undefined
  /** Subsets by the full host that their rule is about. */
  subsets: ReadonlyMap<string, readonly string[]> | undefined
}

type Page = Pick<ResourcePage, 'items' | 'total'> | undefined
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
const numbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'number') : []

/** What there is to choose from for a rule in `namespace`. */
export function toChoices(
  namespace: string,
  pages: { services: Page; entries: Page; rules: Page; gateways: Page },
): Choices {
  const services = pages.services?.items
  const entries = pages.entries?.items
  const rules = pages.rules?.items
  const gateways = pages.gateways?.items
  const subsets = new Map<string, string[]>()
  for (const { resource } of rules ?? []) {
    const host = String(readPath(resource, 'spec.host') ?? '')
    const full = fullHost(host, resource.metadata.namespace ?? '')
    subsets.set(full, [...(subsets.get(full) ?? []), ...texts(readPath(resource, 'spec.subsets.*.name'))])
  }
  return {
    hosts:
      services &&
      entries &&
      [
        ...services.map(({ resource: { metadata }, resource }): HostChoice => {
          const place = metadata.namespace ?? ''
          return {
            host: shortestHost(metadata.name, place, namespace),
            full: serviceHost(metadata.name, place),
            ports: numbers(readPath(resource, 'spec.ports.*.port')),
          }
        }),
        ...entries.flatMap(({ resource }) =>
          texts(readPath(resource, 'spec.hosts')).map((host): HostChoice => ({
            host,
            full: fullHost(host, resource.metadata.namespace ?? ''),
            ports: numbers(readPath(resource, 'spec.ports.*.number')),
          })),
        ),
      ].toSorted((a, b) => Number(a.host.includes('.')) - Number(b.host.includes('.')) || a.host.localeCompare(b.host)),
    gateways: gateways?.map(({ resource }) => {
      const { name, namespace: place = '' } = resource.metadata
      return {
        name: place === namespace ? name : `${place}/${name}`,
        full: `${place}/${name}`,
        hosts: texts(readPath(resource, 'spec.servers.*.hosts')),
      }
    }),
    subsets: rules && subsets,
  }
}
