import type { ResourcePage, ResourceQuery, ResourceRow } from '@meshdeck/contract'
import { HUB, readPath, traitsOf, type ColumnDefinition, type KindDefinition } from '@meshdeck/kube'
import { pageOf, splitList, type RowReader, type SortValue } from './paging.ts'
import { ProblemError, problemOf } from './problem.ts'
import { listed } from './published.ts'
import type { Readable } from './readable.ts'

/** Makes a page of what several clusters hold of a kind. */
export function toResourcePage(
  kind: KindDefinition,
  readables: readonly Readable[],
  query: ResourceQuery,
): ResourcePage {
  const rows = readables.flatMap(({ cluster, objects }) => objects.map((resource) => ({ cluster, resource })))
  const { items, ...figures } = pageOf(rows, query, readerOf(kind), hasTraits(kind, query.traits))
  return {
    items: items.map(({ cluster, resource }) => ({ cluster, resource: listed(kind, resource) })),
    ...figures,
    failures: readables.flatMap((readable) => failuresOf(kind, readable)),
    missing: readables.filter(({ missing }) => missing).map(({ cluster }) => cluster),
  }
}

/** Throws `ProblemError` for a trait that the kind does not have. */
function hasTraits(kind: KindDefinition, text: string | undefined): (row: ResourceRow) => boolean {
  const wanted = [...(splitList(text) ?? [])]
  const known = Object.keys(kind.traits ?? {})
  const stranger = wanted.find((name) => !known.includes(name))
  if (stranger !== undefined) {
    const message =
      known.length === 0 ? `has nothing to be here: ${kind.kind} has no traits` : `must be of ${known.join(', ')}`
    throw new ProblemError('invalid-input', `query: traits ${message}`, { fields: [{ field: 'traits', message }] })
  }
  return ({ resource }) => wanted.every((name) => traitsOf(kind, resource).includes(name))
}

/** What a mesh-wide answer says of a cluster that gave nothing. */
export function failuresOf(kind: KindDefinition, { cluster, failure, forbidden }: Readable): ResourcePage['failures'] {
  if (failure !== undefined) return [failure]
  return forbidden ? [{ cluster, problem: forbiddenProblem(kind, cluster) }] : []
}

/** The Problem of somebody who may list a kind nowhere in a cluster. */
export function forbiddenProblem(kind: KindDefinition, cluster: string) {
  const { group, plural } = kind
  return problemOf(
    'forbidden',
    `You may not list ${kind.kind} objects ${cluster === HUB ? 'on the hub' : `in cluster ${cluster}`}`,
    {
      cluster,
      missing: { verb: 'list', group, resource: plural },
    },
  )
}

function readerOf(kind: KindDefinition): RowReader<ResourceRow> {
  return {
    columns: {
      name: ({ resource }) => resource.metadata.name,
      namespace: ({ resource }) => resource.metadata.namespace,
      cluster: ({ cluster }) => cluster,
      created: ({ resource }) => resource.metadata.creationTimestamp,
      ...Object.fromEntries(kind.columns.map((column) => [column.id, sortValueOf(column)])),
    },
    texts: ({ resource }) => kind.columns.flatMap(({ path }) => textsIn(readPath(resource, path))),
    labels: ({ resource }) => resource.metadata.labels,
    namespace: ({ resource }) => (kind.id === 'Namespace' ? resource.metadata.name : resource.metadata.namespace),
    clusters: ({ cluster }) => [cluster],
  }
}

function sortValueOf({ path }: ColumnDefinition): (row: ResourceRow) => SortValue {
  return ({ resource }) => {
    const value = readPath(resource, path)
    if (typeof value === 'number' || typeof value === 'boolean') return value
    return textsIn(value).join(' ') || undefined
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)])
  return value === undefined || value === null ? [] : [String(value)]
}
