import { printCsv } from '../../lib/csv.ts'
import type { Cell, CellReaders } from './table-rows.ts'

/** Rows as CSV (RFC 4180), with the same columns for every row added at its end. */
export function toCsv<Row>(
  rows: readonly Row[],
  readers: CellReaders<Row>,
  constants: Readonly<Record<string, Cell>> = {},
): string {
  const columns = Object.entries(readers)
  const tail = Object.values(constants)
  const lines = [
    [...columns.map(([name]) => name), ...Object.keys(constants)],
    ...rows.map((row) => [...columns.map(([, read]) => read(row)), ...tail]),
  ]
  return printCsv(lines)
}
