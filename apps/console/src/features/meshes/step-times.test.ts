import type { ConditionView } from '@meshdeck/contract'
import { expect, it } from 'vitest'
import { stepTimes } from './step-times.ts'

const step = (type: string, at: string, status: ConditionView['status'] = 'True'): ConditionView => ({
  type,
  status,
  reason: '',
  message: '',
  lastTransitionTime: `2026-11-29T${at}Z`,
})
const CREATED = '2026-11-29T06:00:00Z'

it('counts each step from the end of those before it, and none that is not done', () => {
  const steps = [step('a', '06:00:02'), step('b', '06:00:10'), step('c', '06:00:10'), step('d', '06:00:11', 'Unknown')]
  expect([...stepTimes(steps, CREATED)]).toEqual([
    ['a', 2_000],
    ['b', 8_000],
    ['c', 0],
  ])
})

it('says nothing of a step that an edit has brought back, or whose beginning is not known', () => {
  expect([...stepTimes([step('a', '06:00:02'), step('b', '09:00:00')], CREATED)]).toEqual([['a', 2_000]])
  expect([...stepTimes([step('a', '06:00:02'), step('b', '06:00:03')], undefined)]).toEqual([['b', 1_000]])
})
