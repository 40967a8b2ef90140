import { describe, expect, it } from 'vitest'
import { AuthorityError, checkAuthority } from './check-authority.ts'
import { issueIntermediate, issueRoot } from './issue-authority.ts'

const NOW = new Date('2026-05-01T00:00:00Z')
const PLACE = { cluster: 'east', namespace: 'istio-system' }

describe('an authority that is issued', async () => {
  const root = await issueRoot('shop', NOW)
  const issued = await issueIntermediate(root, PLACE, NOW)
  const good = { root: root.certificate, certificate: issued.certificate, key: issued.key, chain: '' }
  const problem = (authority: typeof good, now = NOW): string => {
    try {
      checkAuthority(authority, now)
      return 'none'
    } catch (error) {
      expect(error).toBeInstanceOf(AuthorityError)
      return (error as Error).message
    }
  }

  it('is good for two years, its root for ten', () => {
    const { rootNotAfter, notAfter } = checkAuthority(good, NOW)
    expect(notAfter.toISOString()).toBe('2028-04-30T00:00:00.000Z')
    expect(rootNotAfter.toISOString()).toBe('2036-04-28T00:00:00.000Z')
  })

  it('is found out when a part of it is wrong', async () => {
    const other = await issueRoot('other', NOW)
    expect(problem({ ...good, root: 'hello' })).toBe(
      'root-cert.pem holds no certificate of an authority that signs itself',
    )
    expect(problem({ ...good, root: issued.certificate })).toContain('root-cert.pem holds no certificate')
    expect(problem({ ...good, certificate: '' })).toBe('ca-cert.pem holds no certificate in PEM')
    expect(problem({ ...good, key: root.key })).toBe('ca-key.pem is not the key of ca-cert.pem')
    expect(problem({ ...good, key: 'key' })).toContain('ca-key.pem holds no private key in PEM')
    expect(problem({ ...good, root: other.certificate })).toContain('does not lead to root-cert.pem')
    expect(problem(good, new Date('2029-01-01'))).toBe('ca-cert.pem has ended on 2028-04-30T00:00:00.000Z')
    expect(problem(good, new Date('2026-04-01'))).toContain('is valid from')
  })
})
