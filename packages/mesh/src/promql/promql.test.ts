import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noneOf, oneOf, quote, quoteRegex, rate, rateWindow, selector, startingWith, sumBy } from './promql.ts'

/** Reads `metric{label="value",…}` by PromQL's grammar for double-quoted strings; anything else is an error. */
function parseSelector(text: string): { metric: string; matchers: [string, string, string][] } {
  const [head = '', metric = ''] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{/.exec(text) ?? []
  const matcher = /([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)"((?:[^"\\\n]|\\["\\n])*)"/y
  const matchers: [string, string, string][] = []
  let at = head.length
  while (text[at] !== '}') {
    matcher.lastIndex = at
    const found = matcher.exec(text)
    if (found === null) throw new Error(`cannot read ${text} from ${at}`)
    const [all, label = '', op = '', value = ''] = found
    matchers.push([label, op, value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))])
    at += all.length
    if (text[at] === ',') at += 1
  }
  if (at !== text.length - 1) throw new Error(`more after the selector: ${text}`)
  return { metric, matchers }
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', '\\', '\n', '}', ',', '{', 'a', '=', '~', '|', '`', '#', '\r', '\0') }),
)

describe('selector', () => {
  it('writes matchers in the order given, and leaves out those that are undefined', () => {
    const text = selector('istio_requests_total', {
      reporter: 'source',
      namespace: oneOf(['b', 'a.b']),
      version: undefined,
    })
    expect(text).toBe(String.raw`istio_requests_total{reporter="source",namespace=~"a\\.b|b"}`)
  })

  it('holds exactly the matchers it was given, whatever their values', () => {
    fc.assert(
      fc.property(anyText, fc.array(anyText, { minLength: 1, maxLength: 4 }), (value, values) => {
        const several = oneOf(values)
        expect(parseSelector(selector('m', { a: value, b: several, c: noneOf(values) }))).toEqual({
          metric: 'm',
          matchers: [
            ['a', '=', value],
            ['b', several.op, several.value],
            ['c', several.op === '=' ? '!=' : '!~', several.value],
          ],
        })
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['', 'a b', '1a', 'a"', 'a{', 'ä', '__proto__ '])('refuses the name %j', (name) => {
    expect(() => selector(name)).toThrow(RangeError)
    expect(() => selector('m', { [name]: 'x' })).toThrow(RangeError)
    expect(() => sumBy([name], 'm')).toThrow(RangeError)
  })
})

describe('oneOf', () => {
  it('matches its values and no other', () => {
    const pairs = fc.tuple(fc.array(anyText, { minLength: 2, maxLength: 4 }), anyText)
    fc.assert(
      fc.property(pairs, ([values, other]) => {
        const { op, value } = oneOf(values)
        const matches = (text: string) => (op === '=' ? text === value : new RegExp(`^(?:${value})$`, 's').test(text))
        for (const item of values) expect(matches(item)).toBe(true)
        expect(matches(other)).toBe(values.includes(other))
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads alike for equal sets, and refuses the empty one', () => {
    expect(oneOf(['b', 'a', 'b'])).toEqual(oneOf(['a', 'b']))
    expect(oneOf(['a', 'a'])).toEqual({ op: '=', value: 'a' })
    expect(() => oneOf([])).toThrow(RangeError)
    expect(() => noneOf([])).toThrow(RangeError)
  })
})

describe('the rest', () => {
  it('quotes what RE2 would read', () => {
    expect(quoteRegex(String.raw`a.b+c\d^e$`)).toBe(String.raw`a\.b\+c\\d\^e\$`)
    expect(startingWith('reviews.shop.svc.').value).toBe(String.raw`reviews\.shop\.svc\..+`)
  })

  it('writes lone surrogates as the wire would', () => {
    expect(quote('a\uD800')).toBe('"a\uFFFD"')
  })

  it('writes rates and sums', () => {
    expect(rate(['a{}', 'b{}'], 60)).toBe('rate(a{}[60s]) or rate(b{}[60s])')
    expect(sumBy(['x', 'y'], 'm')).toBe('sum by (x,y) (m)')
    expect(sumBy([], 'm')).toBe('sum(m)')
    for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => rate('a{}', bad)).toThrow(RangeError)
  })

  it('never averages over less than four scrapes', () => {
    expect([rateWindow(60, 15), rateWindow(60, 30), rateWindow(20, 5)]).toEqual([60, 120, 20])
  })
})
