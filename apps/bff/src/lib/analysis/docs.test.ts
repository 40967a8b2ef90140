import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FINDING_CODES } from '@meshdeck/mesh'
import { expect, it } from 'vitest'

const DOCS = join(import.meta.dirname, '../../../../../docs/analysis.md')

it('docs/analysis.md lists every code with its level, and its names in Kiali', () => {
  const rows = readFileSync(DOCS, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, code = '', level = '']) => /^(IST|MD)\d+$/.test(code) && /^(error|warning|info)$/.test(level))
    .map(([, code, level, kiali]) => `${code} ${level} ${kiali}`)
  const wanted = Object.entries<{ level: string; kiali?: readonly string[] }>(FINDING_CODES).map(
    ([code, { level, kiali }]) => `${code} ${level} ${kiali?.join(', ') ?? '–'}`,
  )
  expect(rows.toSorted()).toEqual(wanted.toSorted())
})
