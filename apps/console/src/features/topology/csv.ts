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
  return lines.map((cells) => `${cells.map(field).join(',')}\r\n`).join('')
}

/** Names come from outside: one that begins like a formula must not be run by the program that opens the file (OWASP, CSV injection). */
function field(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
