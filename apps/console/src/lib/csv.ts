export type CsvCell = string | number | boolean | undefined

/** Rows as CSV (RFC 4180), the first of them the names of the columns. */
export function printCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((cells) => `${cells.map(field).join(',')}\r\n`).join('')
}

/** Names come from outside: one that begins like a formula must not be run by the program that opens the file (OWASP, CSV injection). */
function field(cell: CsvCell): string {
  if (cell === undefined) return ''
  if (typeof cell !== 'string') return String(cell)
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
