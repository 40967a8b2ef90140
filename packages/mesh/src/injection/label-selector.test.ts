import { describe, expect, it } from 'vitest'
import { labelOf, matchesSelector, parseLabelSelector } from './label-selector.ts'

const matches = (selector: unknown, labels: Record<string, string>) =>
  matchesSelector(parseLabelSelector(selector), labels)
const expression = (operator: string, ...values: string[]) => ({ matchExpressions: [{ key: 'a', operator, values }] })

describe('matchesSelector', () => {
  it.each([
    ['an absent selector selects everything', undefined, {}, true],
    ['an empty selector selects everything', {}, { a: '1' }, true],
    ['matchLabels wants equality', { matchLabels: { a: '1' } }, { a: '1', b: '2' }, true],
    ['matchLabels refuses another value', { matchLabels: { a: '1' } }, { a: '2' }, false],
    ['In wants one of the values', expression('In', '1', '2'), { a: '2' }, true],
    ['In wants the key', expression('In', '1'), {}, false],
    ['NotIn is content without the key', expression('NotIn', '1'), {}, true],
    ['NotIn refuses the value', expression('NotIn', '1'), { a: '1' }, false],
    ['Exists wants the key', expression('Exists'), { a: '' }, true],
    ['Exists refuses its absence', expression('Exists'), {}, false],
    ['DoesNotExist refuses the key', expression('DoesNotExist'), { a: '' }, false],
    ['an unknown operator selects nothing', expression('Near', '1'), { a: '1' }, false],
    ['all requirements must hold', { matchLabels: { a: '1' }, ...expression('NotIn', '1') }, { a: '1' }, false],
  ])('%s', (_case, selector, labels, expected) => {
    expect(matches(selector, labels)).toBe(expected)
  })

  it('does not take what an object inherits for a label', () => {
    expect(matches({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {})).toBe(false)
    expect(labelOf({}, 'toString')).toBeUndefined()
  })
})
