import { readFileSync } from 'node:fs'
import { DASHBOARDS, panelsOf } from '@meshdeck/mesh/monitoring'
import { expect, it } from 'vitest'

it('docs/monitoring.md has every panel, and no other', () => {
  const docs = readFileSync(new URL('../../../../../docs/monitoring.md', import.meta.url), 'utf8')
  const told = [...docs.matchAll(/\| `([a-z-]+\/[\w-]+)` +\|/g)].map(([, id = '']) => id)
  const ours = DASHBOARDS.flatMap((dashboard) => panelsOf(dashboard).map(({ id }) => `${dashboard.id}/${id}`))
  expect(told.toSorted()).toEqual(ours.toSorted())
})
