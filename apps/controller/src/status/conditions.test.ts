import type { Condition } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { dateConditions, printTime, reasonOf, statusDiffers, type Finding } from './conditions.ts'

const NOW = new Date('2026-11-24T03:00:00.987Z')
const BEFORE = '2026-11-24T01:00:00Z'

const finding = (status: Finding['status'], message = 'as it is'): Finding => ({
  type: 'Reachable',
  status,
  reason: 'Answers',
  message,
})
const condition = (type: string, message = 'as it is'): Condition => ({
  type,
  status: 'True',
  reason: 'Answers',
  message,
  lastTransitionTime: BEFORE,
})

describe('dates of conditions', () => {
  it('stay while the status is the same, whatever the words', () => {
    const dated = dateConditions([condition('Reachable')], [finding('True', 'in other words')], NOW)
    expect(dated).toEqual([{ ...finding('True', 'in other words'), lastTransitionTime: BEFORE }])
  })

  it('are new when the status changes, and for a condition that was not there', () => {
    expect(dateConditions([condition('Reachable')], [finding('False')], NOW)[0]?.lastTransitionTime).toBe(
      '2026-11-24T03:00:00Z',
    )
    expect(dateConditions(undefined, [finding('True')], NOW)[0]?.lastTransitionTime).toBe('2026-11-24T03:00:00Z')
  })

  it('are in whole seconds, as Kubernetes writes them', () => {
    expect(printTime(NOW)).toBe('2026-11-24T03:00:00Z')
  })
})

describe('a status', () => {
  it('is the same in any order of conditions, with conditions of others beside, and with undefined members', () => {
    const before = { conditions: [condition('Other'), condition('Permitted'), condition('Reachable')], nodes: 3 }
    const next = { conditions: [condition('Reachable'), condition('Permitted')], nodes: 3, version: undefined }
    expect(statusDiffers(before, next)).toBe(false)
  })

  it.each([
    ['there was none', undefined, { conditions: [condition('Reachable')] }],
    ['a message changed', { conditions: [condition('Reachable')] }, { conditions: [condition('Reachable', 'new')] }],
    ['a condition came', { conditions: [] }, { conditions: [condition('Reachable')] }],
    ['a member went', { conditions: [], nodes: 3 }, { conditions: [] }],
  ])('differs when %s', (_, before, next) => {
    expect(statusDiffers(before, next)).toBe(true)
  })
})

it('reasons are in camel case', () => {
  expect(['refused', 'certificate-expired'].map(reasonOf)).toEqual(['Refused', 'CertificateExpired'])
})
