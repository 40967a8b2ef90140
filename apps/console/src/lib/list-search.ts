import { param } from './search-params.ts'

export const PAGE_SIZES = [20, 50, 100] as const

/** State of a list in the address, as the BFF's list routes take it. */
export interface ListSearch {
  page: number
  pageSize: number
  /** Column id; descending with a leading `-`. */
  sort: string
  search: string
}

/** Codecs of a list's state; spread them into the schema of the page. */
export const listParams = (sort = 'name') => ({
  page: param.integer(1, 1),
  pageSize: param.integer(50, 1, 1000),
  sort: param.text(sort),
  search: param.text(),
})
