import type { LocalitySetting } from '@meshdeck/kube'
import { expect, it } from 'vitest'
import { fromSetting, toSetting, withKind, withMove, withShare } from './locality-draft.ts'

it.each<LocalitySetting | undefined>([
  undefined,
  { enabled: false },
  { failoverPriority: ['version'] },
  { enabled: true, distribute: [{ from: 'east/*', to: { 'east/*': 80, 'west/*': 20 } }] },
  { enabled: true, failover: [{ from: 'east', to: 'west' }], failoverPriority: ['version'] },
])('%j is the same after it was shown', (setting) => {
  expect(toSetting(fromSetting(setting))).toEqual(setting)
})

it('begins with a row, keeps what was typed when the kind changes, and never says both', () => {
  const shared = withKind(fromSetting(undefined), 'distribute')
  expect(toSetting(shared)).toEqual({ enabled: true, distribute: [{ from: '', to: { '': 100 } }] })
  expect(withShare(shared).shares).toHaveLength(2)
  const moved = withMove(withKind(shared, 'failover'))
  expect(toSetting(moved)).toEqual({
    enabled: true,
    failover: [
      { from: '', to: '' },
      { from: '', to: '' },
    ],
  })
  expect(withKind(moved, 'distribute').shares).toEqual(shared.shares)
})
