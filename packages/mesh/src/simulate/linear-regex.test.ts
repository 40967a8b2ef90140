import { describe, expect, it } from 'vitest'
import { matchesRegex } from './linear-regex.ts'

describe('matchesRegex', () => {
  it.each([
    ['/api/v[12]/.*', '/api/v1/a', true],
    ['/api/v[12]/.*', '/api/v3/a', false],
    ['/api', '/api/more', false],
    ['^/api$', '/api', true],
    ['(?i)ABC', 'abc', true],
    ['(?P<name>a|b)+', 'abab', true],
    ['a{2,3}', 'a', false],
    ['a{2,3}', 'aaa', true],
    ['a{2,3}', 'aaaa', false],
    ['a{2,}', 'aaaaa', true],
    ['[^/]+', 'a/b', false],
    ['[[:digit:]]+', '123', true],
    [String.raw`\d+\.\d+`, '1.5', true],
    [String.raw`.*\bfox\b.*`, 'the fox ran', true],
    [String.raw`.*\bfox\b.*`, 'the foxes ran', false],
    ['[]a]+', ']a', true],
    ['[a-c-]+', 'a-c', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['(a*)*', 'aaa', true],
    ['', '', true],
    ['x|', '', true],
    ['雪+', '雪雪', true],
    [String.raw`\x41\x{42}`, 'AB', true],
  ])('%j on %j: %s', (source, value, expected) => {
    expect(matchesRegex(source, value)).toBe(expected)
  })

  it.each([
    '(?=a)',
    String.raw`(a)\1`,
    '[a',
    '(a',
    'a)',
    '*',
    'a**',
    'a{9999}',
    '[b-a]',
    '[[:nix:]]',
    '((){999}){999}',
  ])('does not read %j', (source) => {
    expect(matchesRegex(source, 'a')).toBeUndefined()
  })

  it('does not go back and forth', () => {
    expect(matchesRegex('(a+)+b', 'a'.repeat(2_000))).toBe(false)
  })
})
