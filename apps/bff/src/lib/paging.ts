import type { ListQuery } from '@meshdeck/contract'
import { ProblemError } from './problem.ts'

const DEFAULT_PAGE_SIZE = 50
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export type SortValue = string | number | boolean | undefined

/** How rows of a list are found and put in order. */
export interface RowReader<Row> {
  /** Columns that may be sorted by. `name` must be among them. */
  columns: Readonly<Record<string, (row: Row) => SortValue>>
  /** Texts in which `search` looks, beside the columns `name` and `namespace`. */
  texts?: (row: Row) => readonly string[]
  labels?: (row: Row) => Readonly<Record<string, string>> | undefined
  namespace?: (row: Row) => string | undefined
  /** Clusters that the row belongs to. */
  clusters?: (row: Row) => readonly string[]
}

export interface Page<Row> {
  items: Row[]
  total: number
  all: number
  page: number
  pageSize: number
}

/**
 * Filters, sorts and cuts out a page; `wanted` is the list's own filter, beside those that all have. Rows are not copied.
 * Throws `ProblemError` for a sort or selector nobody knows.
 */
export function pageOf<Row>(
  rows: readonly Row[],
  query: ListQuery,
  reader: RowReader<Row>,
  wanted: (row: Row) => boolean = () => true,
): Page<Row> {
  const { page = 1, pageSize = DEFAULT_PAGE_SIZE } = query
  const matches = filterOf(query, reader)
  const found = rows.filter((row) => wanted(row) && matches(row))
  found.sort(orderOf(query.sort ?? 'name', reader))
  const from = (page - 1) * pageSize
  return { items: found.slice(from, from + pageSize), total: found.length, all: rows.length, page, pageSize }
}

/** Members of a list written with commas; `undefined` when nothing is asked for. */
export function splitList(text: string | undefined): ReadonlySet<string> | undefined {
  const parts = (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.length === 0 ? undefined : new Set(parts)
}

function filterOf<Row>(query: ListQuery, reader: RowReader<Row>): (row: Row) => boolean {
  const tests: ((row: Row) => boolean)[] = []
  const namespaces = splitList(query.namespace)
  const namespaceOf = reader.namespace
  if (namespaces && namespaceOf) tests.push((row) => namespaces.has(namespaceOf(row) ?? ''))
  const clusters = splitList(query.cluster)
  const clustersOf = reader.clusters
  if (clusters && clustersOf) tests.push((row) => clustersOf(row).some((cluster) => clusters.has(cluster)))
  const labels = parseEqualitySelector(query.labels ?? '')
  const labelsOf = reader.labels
  if (labels.length > 0 && labelsOf) {
    tests.push((row) => {
      const own = labelsOf(row)
      return labels.every(([key, value]) => own !== undefined && Object.hasOwn(own, key) && own[key] === value)
    })
  }
  const search = (query.search ?? '').trim().toLowerCase()
  if (search !== '') tests.push((row) => textsOf(row, reader).some((text) => text.toLowerCase().includes(search)))
  return (row) => tests.every((test) => test(row))
}

function textsOf<Row>(row: Row, { columns, texts }: RowReader<Row>): string[] {
  return [String(columns['name']?.(row) ?? ''), String(columns['namespace']?.(row) ?? ''), ...(texts?.(row) ?? [])]
}

function orderOf<Row>(sort: string, { columns }: RowReader<Row>): (a: Row, b: Row) => number {
  const descending = sort.startsWith('-')
  const id = descending ? sort.slice(1) : sort
  const column = Object.hasOwn(columns, id) ? columns[id] : undefined
  if (column === undefined) {
    const message = `must be one of ${Object.keys(columns).join(', ')}, with "-" in front for descending order`
    throw new ProblemError('invalid-input', `query: sort ${message}`, { fields: [{ field: 'sort', message }] })
  }
  const sign = descending ? -1 : 1
  // What is equal in the column stays in the order of its names, so that pages do not overlap.
  const ties = [columns['name'], columns['namespace'], columns['cluster']].filter((tie) => tie !== undefined)
  return (a, b) => {
    const first = compare(column(a), column(b))
    if (first !== 0) return sign * first
    for (const tie of ties) {
      const next = compare(tie(a), tie(b))
      if (next !== 0) return next
    }
    return 0
  }
}

/** Nothing comes first. */
function compare(a: SortValue, b: SortValue): number {
  if (a === b) return 0
  if (a === undefined) return -1
  if (b === undefined) return 1
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b)
  return Number(a) - Number(b)
}

/** `a=b,c==d`. Throws `ProblemError` for set-based selectors, which this list does not know. */
function parseEqualitySelector(text: string): [string, string][] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [, key, value] = /^([A-Za-z0-9][A-Za-z0-9._/-]*)\s*==?\s*([A-Za-z0-9._-]*)$/.exec(part) ?? []
      if (key !== undefined && value !== undefined) return [key, value]
      const message = `"${part}" is not of the form key=value`
      throw new ProblemError('invalid-input', `query: labels ${message}`, { fields: [{ field: 'labels', message }] })
    })
}
