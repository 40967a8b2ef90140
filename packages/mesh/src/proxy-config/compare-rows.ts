import type { ConfigRow } from './config-row.ts'

/** What is looked at of a line. */
type ComparedRow = Pick<ConfigRow, 'key' | 'cells' | 'fingerprint' | 'resource'>

/** A line of two proxies side by side. */
export type RowDifference =
  | { kind: 'only-left'; left: ComparedRow }
  | { kind: 'only-right'; right: ComparedRow }
  | {
      kind: 'changed'
      left: ComparedRow
      right: ComparedRow
      /** Columns whose cells differ; none when the difference lies deeper in Envoy's JSON. */
      columns: string[]
    }

/** What one proxy has and another has not, or has otherwise; lines that are the same are left out. */
export function compareRows(left: readonly ComparedRow[], right: readonly ComparedRow[]): RowDifference[] {
  const others = new Map(right.map((row) => [row.key, row]))
  const mine = new Set(left.map(({ key }) => key))
  return [
    ...left.flatMap((row): RowDifference[] => {
      const other = others.get(row.key)
      if (other === undefined) return [{ kind: 'only-left', left: row }]
      const columns = Object.keys({ ...row.cells, ...other.cells }).filter(
        (column) => row.cells[column] !== other.cells[column],
      )
      if (columns.length === 0 && row.fingerprint === other.fingerprint) return []
      return [{ kind: 'changed', left: row, right: other, columns }]
    }),
    ...right.filter(({ key }) => !mine.has(key)).map((row): RowDifference => ({ kind: 'only-right', right: row })),
  ]
}
