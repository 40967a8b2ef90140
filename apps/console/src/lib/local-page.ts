import type { ListSearch } from './list-search.ts'

/** How a list that is small enough to be read whole is searched and sorted in the browser. */
export interface LocalReader<Row> {
  /** By column id. */
  sort: Readonly<Record<string, (row: Row) => string | number | undefined>>
  /** What the search looks into. */
  texts: (row: Row) => readonly (string | undefined)[]
}

export interface LocalPage<Row> {
  items: Row[]
  /** Rows that match; rows that there are. */
  total: number
  all: number
}

/**
 * Filters, sorts and cuts out a page as the BFF does for long lists; for the few that come whole (meshes, clusters).
 * Rows without a value stand last, whatever the direction. A sort that nobody knows leaves the order as it came.
 */
export function localPage<Row>(
  rows: readonly Row[],
  search: ListSearch,
  reader: LocalReader<Row>,
  wanted: (row: Row) => boolean = () => true,
): LocalPage<Row> {
  const needle = search.search.trim().toLowerCase()
  const matches = (row: Row): boolean =>
    needle === '' || reader.texts(row).some((text) => text?.toLowerCase().includes(needle))
  const found = rows.filter((row) => wanted(row) && matches(row))
  const descending = search.sort.startsWith('-')
  const value = reader.sort[descending ? search.sort.slice(1) : search.sort]
  if (value) found.sort((a, b) => compare(value(a), value(b), descending ? -1 : 1))
  const from = (search.page - 1) * search.pageSize
  return { items: found.slice(from, from + search.pageSize), total: found.length, all: rows.length }
}

function compare(a: string | number | undefined, b: string | number | undefined, direction: 1 | -1): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true })
  return order * direction
}
