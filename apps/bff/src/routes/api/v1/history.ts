import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  HistoryDetail,
  HistoryPage,
  HistoryParams,
  HistoryQuery,
  MeshParams,
  type HistoryEntry,
} from '@meshdeck/contract'
import { kindOf, meshClusters, printResourceRef } from '@meshdeck/kube'
import { DEFAULT_HISTORY_LIMITS, type HistoryRecord, type Reach, type RecordSummary } from '@meshdeck/mesh'
import type { IndexedRecord } from '../../../lib/history-index.ts'
import { pageOf, splitList, type RowReader } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import { meshOf } from './mesh-scope.ts'

/** Who changed what of a mesh's configuration, and when. */
export const historyRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/history`,
    { schema: { params: MeshParams, querystring: HistoryQuery, response: { 200: HistoryPage } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const clusters = meshClusters(mesh)
      const { records, hiddenKind, failures } = await request.history(clusters)
      const [first] = clusters
      if (records.length === 0 && hiddenKind !== undefined && first !== undefined)
        throw ProblemError.from(forbiddenProblem(kindOf(hiddenKind), first))
      const { query } = request
      const changes = query.baselines === true ? records : records.filter(({ operation }) => operation !== 'baseline')
      const page = pageOf<IndexedRecord>(changes, { ...query, sort: query.sort ?? '-at' }, recordRows, filterOf(query))
      return {
        ...page,
        items: page.items.map((record) => ({
          ...toEntry(record),
          ...(query.reach === true && { reach: reachesOf(record, records) }),
        })),
        authors: countsOf(changes, authorName),
        tools: countsOf(changes, ({ author }) => author.tool),
        kinds: countsOf(changes, ({ ref }) => ref.kind),
        kept: usageOf(records),
        limits: { ...DEFAULT_HISTORY_LIMITS, ...mesh.spec.history },
        failures,
      }
    },
  )

  app.get(
    `${API_ROOT}/meshes/:mesh/history/:id`,
    { schema: { params: HistoryParams, response: { 200: HistoryDetail } } },
    async (request) => {
      const { mesh, id } = request.params
      const clusters = meshClusters(await meshOf(request, mesh))
      const found = await request.historyRecord(id)
      // What is hidden and what never was look alike: the name of an entry could be guessed from that of its object.
      if (found === undefined || !clusters.includes(found.record.ref.cluster))
        throw new ProblemError('not-found', `There is no entry ${id} in the history of mesh ${mesh} that you may read`)
      return { ...toState(found.record), ...(found.before ? { before: toState(found.before) } : {}) }
    },
  )
}

/** Whom a change concerns: those that the object is about now, and those that it was about before. */
function reachesOf(record: IndexedRecord, all: readonly IndexedRecord[]): Reach[] {
  const ref = printResourceRef(record.ref)
  const before =
    record.operation === 'changed'
      ? all.find(({ number, ref: other }) => number === record.number - 1 && printResourceRef(other) === ref)
      : undefined
  return [record, before].flatMap((each) => each?.reach ?? [])
}

function filterOf(query: HistoryQuery): (record: IndexedRecord) => boolean {
  const { name } = query
  const [kinds, authors, tools, operations] = [query.kind, query.author, query.tool, query.operation].map(splitList)
  const since = query.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(query.since)
  const until = query.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.until)
  return (record) =>
    (kinds?.has(record.ref.kind) ?? true) &&
    (name === undefined || record.ref.name === name) &&
    (authors?.has(authorName(record) ?? '') ?? true) &&
    (tools?.has(record.author.tool) ?? true) &&
    (operations?.has(record.operation) ?? true) &&
    record.atMs >= since &&
    record.atMs <= until
}

/** How much is kept of some objects' history. */
function usageOf(records: readonly IndexedRecord[]): HistoryPage['kept'] {
  let bytes = 0
  let oldest: IndexedRecord | undefined
  const objects = new Set<string>()
  for (const record of records) {
    bytes += record.keptBytes ?? 0
    objects.add(printResourceRef(record.ref))
    if (oldest === undefined || record.atMs < oldest.atMs) oldest = record
  }
  return {
    records: records.length,
    objects: objects.size,
    bytes,
    ...(oldest === undefined ? {} : { oldest: oldest.at }),
  }
}

const authorName = ({ author }: RecordSummary): string | undefined => author.user ?? author.manager

function toState(record: HistoryRecord): Pick<HistoryDetail, 'entry' | 'object'> {
  return { entry: toEntry(record), ...(record.object === undefined ? {} : { object: record.object }) }
}

function toEntry(record: RecordSummary): HistoryEntry {
  const { id, number, ref, operation, at, noticedAt, late, author, reason, fields, fieldCount, omittedBytes } = record
  const name = authorName(record)
  return {
    id,
    number,
    ...ref,
    operation,
    at,
    noticedAt,
    late,
    tool: author.tool,
    ...(name === undefined ? {} : { author: name }),
    ...(reason === undefined ? {} : { reason }),
    fields,
    fieldCount,
    ...(omittedBytes === undefined ? {} : { omittedBytes }),
  }
}

function countsOf(
  records: readonly RecordSummary[],
  nameOf: (record: RecordSummary) => string | undefined,
): { name: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const record of records) {
    const name = nameOf(record)
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count)
}

const recordRows: RowReader<IndexedRecord> = {
  columns: {
    // Two changes of one second follow their numbers.
    at: ({ atMs, number }) => atMs + number / 10_000,
    name: ({ ref }) => ref.name,
    namespace: ({ ref }) => ref.namespace,
    cluster: ({ ref }) => ref.cluster,
    kind: ({ ref }) => ref.kind,
    author: authorName,
  },
  texts: (record) => [authorName(record) ?? '', record.reason ?? '', ...record.fields],
  namespace: ({ ref }) => ref.namespace,
  clusters: ({ ref }) => [ref.cluster],
}
