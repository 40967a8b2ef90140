import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidRequestError } from './errors.ts'
import { identityHeaders, identityKey, type Identity } from './identity.ts'

const person = (rest: Partial<Extract<Identity, { kind: 'impersonate' }>> = {}): Identity => ({
  kind: 'impersonate',
  username: 'ada',
  groups: ['devs', 'ops'],
  ...rest,
})

describe('identityHeaders', () => {
  it('sends a caller’s token and nothing of the stored credential', () => {
    expect(identityHeaders({ kind: 'token', token: 'abc' }, 'stored')).toEqual({ authorization: 'Bearer abc' })
  })

  it('impersonates by the stored credential, one line for each group', () => {
    const extra = { 'example.org/team': ['a', 'b'], Größe: ['1'] }
    expect(identityHeaders(person({ uid: '7', extra }), 'stored')).toEqual({
      authorization: 'Bearer stored',
      'impersonate-user': 'ada',
      'impersonate-group': ['devs', 'ops'],
      'impersonate-uid': '7',
      'impersonate-extra-example.org%2Fteam': ['a', 'b'],
      'impersonate-extra-gr%C3%B6%C3%9Fe': ['1'],
    })
  })

  it('writes names as UTF-8 bytes', () => {
    const header = identityHeaders(person({ username: '王芳' }))['impersonate-user']
    expect(Buffer.from(String(header), 'latin1').toString('utf8')).toBe('王芳')
  })

  it.each([
    ['an empty user, who would be the stored credential itself', person({ username: '' })],
    ['a line break in a group', person({ groups: ['a\r\nImpersonate-Group: system:masters'] })],
    ['a blank around a name', person({ username: ' ada' })],
    ['a control character in an extra', person({ extra: { k: ['a\0b'] } })],
    ['an empty extra key', person({ extra: { '': ['x'] } })],
    ['a line break in a token', { kind: 'token', token: 'a\r\nx: y' } satisfies Identity],
    ['an empty token', { kind: 'token', token: '' } satisfies Identity],
  ])('refuses %s', (_what, identity) => {
    expect(() => identityHeaders(identity)).toThrow(InvalidRequestError)
  })

  it('makes headers that cannot break out, of any text', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, fc.array(text), fc.dictionary(text, fc.array(text)), (username, groups, extra) => {
        try {
          const headers = identityHeaders({ kind: 'impersonate', username, groups, extra })
          for (const [name, value] of Object.entries(headers)) {
            expect(name).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/)
            for (const line of [value].flat()) expect(line).toMatch(/^[\x20-\x7e\x80-\xff]+$/)
          }
        } catch (error) {
          if (!(error instanceof InvalidRequestError)) throw error
        }
      }),
    )
  })
})

describe('identityKey', () => {
  it('tells identities apart, and does not care about the order of groups', () => {
    const keys = [
      identityKey({ kind: 'stored' }),
      identityKey({ kind: 'token', token: 'a' }),
      identityKey({ kind: 'token', token: 'b' }),
      identityKey(person()),
      identityKey(person({ groups: ['devs'] })),
      identityKey(person({ groups: ['devs,ops'] })),
      identityKey(person({ uid: '1' })),
      identityKey(person({ extra: { k: ['v'] } })),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(identityKey(person({ groups: ['ops', 'devs'] }))).toBe(identityKey(person()))
  })

  it('does not hold the token', () => {
    expect(identityKey({ kind: 'token', token: 'secret-token' })).not.toContain('secret-token')
  })
})
