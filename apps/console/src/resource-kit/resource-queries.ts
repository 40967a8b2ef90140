import type { ResourcePage, ResourceRow } from '@meshdeck/contract'
import { paths } from '@meshdeck/contract'
import { isRecord, kindOf, type KindId, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query'
import { api, ApiError, type Written } from '../lib/api.ts'
import { dependsOn, meshScope } from '../lib/query-keys.ts'

export interface ListParams {
  page: number
  pageSize: number
  sort: string
  search: string
  namespaces: readonly string[]
  clusters: readonly string[]
  labels: string
  traits: readonly string[]
}

/** Enough for every cluster that people choose a namespace from a menu in. */
const ALL_NAMESPACES = 1000
const EVENTS_SHOWN = 200

/** Queries about objects of any kind of the registry. */
export const resourceQueries = {
  /** One page of a kind over all clusters of a mesh. */
  list: (mesh: string, kind: KindId, params: ListParams) =>
    queryOptions({
      queryKey: [meshScope(mesh), kind, 'list', params] as const,
      queryFn: ({ signal }) => {
        const { namespaces, clusters, traits, ...rest } = params
        return api.get<ResourcePage>(
          paths.meshResources(mesh, kind, {
            ...rest,
            namespace: namespaces.join(','),
            cluster: clusters.join(','),
            traits: traits.join(','),
          }),
          { signal },
        )
      },
      placeholderData: keepPreviousData,
    }),
  /** One object, whole. */
  detail: (ref: ResourceRef) =>
    queryOptions({
      queryKey: [ref.cluster, ref.kind, 'detail', ref.namespace, ref.name] as const,
      queryFn: ({ signal }) => api.get<KubeResource>(paths.resource(ref), { signal }),
    }),
  /** Names of the namespaces of a mesh with the clusters that have them. */
  namespaces: (mesh: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), 'Namespace', 'names'] as const,
      queryFn: ({ signal }) =>
        api.get<ResourcePage>(paths.meshResources(mesh, 'Namespace', { pageSize: ALL_NAMESPACES }), { signal }),
      select: namespacesOf,
      staleTime: 60_000,
    }),
  /** Kubernetes events about an object, newest first. */
  events: (ref: ResourceRef) =>
    queryOptions({
      queryKey: [ref.cluster, [ref.kind, 'Event'], 'events', ref.namespace, ref.name] as const,
      queryFn: ({ signal }) =>
        api.get<ResourcePage>(
          paths.resources(ref.cluster, 'Event', {
            namespace: ref.namespace,
            search: ref.name,
            sort: '-created',
            pageSize: EVENTS_SHOWN,
          }),
          { signal },
        ),
      select: (page): ResourceRow[] => page.items.filter(({ resource }) => isAbout(resource, ref)),
    }),
}

/** Where a namespace exists. */
export interface NamespacePlace {
  cluster: string
  namespace: string
}

function namespacesOf(page: ResourcePage): NamespacePlace[] {
  return page.items.map(({ cluster, resource }) => ({ cluster, namespace: resource.metadata.name }))
}

function isAbout(event: KubeResource, ref: ResourceRef): boolean {
  const about = event['involvedObject']
  return isRecord(about) && about['kind'] === kindOf(ref.kind).kind && about['name'] === ref.name
}

/** How a dry run is asked: never again by itself, since after the write it would meet what was written. */
export const askedOnce = { staleTime: 'static', gcTime: 0, retry: false } as const

/** Writes of objects. With `dryRun` everything is asked and nothing is kept. */
export const resourceWrites = {
  create: (cluster: string, kind: KindId, resource: KubeResource, dryRun = false): Promise<Written<KubeResource>> =>
    api.post<KubeResource>(paths.create(cluster, kind, dryRun ? { dryRun: 'All' } : {}), resource),
  replace: (ref: ResourceRef, resource: KubeResource, dryRun = false): Promise<Written<KubeResource>> =>
    api.put<KubeResource>(paths.resource(ref, dryRun ? { dryRun: 'All' } : {}), resource),
  /** With `resourceVersion`: only while it is still that version. The reason goes into the history. */
  delete: (
    ref: ResourceRef,
    {
      resourceVersion,
      reason = '',
      dryRun = false,
    }: { resourceVersion?: string | undefined; reason?: string; dryRun?: boolean } = {},
  ): Promise<Written<unknown>> =>
    api.delete<unknown>(
      paths.resource(ref, { resourceVersion, reason: reason.trim(), ...(dryRun ? { dryRun: 'All' } : {}) }),
    ),
}

/** An object as it is now, read anew; `undefined` when there is none. `retry` as queries have it: once without. */
export async function presentObject(
  client: QueryClient,
  ref: ResourceRef,
  retry?: (failures: number, error: Error) => boolean,
): Promise<KubeResource | undefined> {
  const query = { ...resourceQueries.detail(ref), staleTime: 0 }
  try {
    return await client.fetchQuery(retry === undefined ? query : { ...query, retry })
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}

/** Makes everything that shows a kind of a cluster ask again, without waiting for the event stream. */
export function invalidateKind(client: QueryClient, cluster: string, kind: KindId): void {
  void client.invalidateQueries({ predicate: (query) => dependsOn(query.queryKey, cluster, kind) })
}

/** The ref of an object that a list row holds. */
export function refOfRow(kind: KindId, { cluster, resource }: ResourceRow): ResourceRef {
  const { name, namespace } = resource.metadata
  return namespace === undefined ? { cluster, kind, name } : { cluster, kind, namespace, name }
}
