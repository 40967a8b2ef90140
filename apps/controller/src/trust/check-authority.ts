import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Authority } from '@meshdeck/mesh'

/** What somebody brought in cannot be signed with; the message says which part and why. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError'
}

/**
 * Whether istiod could sign with an authority: all parts can be read, the key is the certificate's, the chain leads to
 * the root, and nothing has ended. Source: https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 *
 * @throws AuthorityError
 */
export function checkAuthority(authority: Authority, now: Date): { rootNotAfter: Date; notAfter: Date } {
  const certificate = read('ca-cert.pem', authority.certificate)
  const roots = authority.root.match(CERTIFICATE) ?? []
  const root = roots.map((each) => read('root-cert.pem', each)).find((each) => each.ca && each.verify(each.publicKey))
  if (root === undefined)
    throw new AuthorityError('root-cert.pem holds no certificate of an authority that signs itself')
  if (!certificate.ca) throw new AuthorityError('ca-cert.pem is no authority (basic constraints CA:TRUE are missing)')
  if (!ownsKey(certificate, authority.key)) throw new AuthorityError('ca-key.pem is not the key of ca-cert.pem')
  const chain = (authority.chain.match(CERTIFICATE) ?? []).map((each) => read('cert-chain.pem', each))
  if (!leadsTo(certificate, [...chain, root], root))
    throw new AuthorityError('ca-cert.pem does not lead to root-cert.pem; put what lies between into cert-chain.pem')
  for (const [name, each] of [
    ['ca-cert.pem', certificate],
    ['root-cert.pem', root],
  ] as const) {
    if (each.validToDate <= now) throw new AuthorityError(`${name} has ended on ${each.validToDate.toISOString()}`)
    if (each.validFromDate > now)
      throw new AuthorityError(`${name} is valid from ${each.validFromDate.toISOString()} only`)
  }
  return { rootNotAfter: root.validToDate, notAfter: certificate.validToDate }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

function read(name: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new AuthorityError(`${name} holds no certificate in PEM`)
  }
}

function ownsKey(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key))
  } catch {
    throw new AuthorityError('ca-key.pem holds no private key in PEM, or one with a passphrase')
  }
}

function leadsTo(from: X509Certificate, through: readonly X509Certificate[], root: X509Certificate): boolean {
  let at = from
  for (let step = 0; step <= through.length; step++) {
    if (at.fingerprint256 === root.fingerprint256) return true
    const issuer = through.find((each) => at.checkIssued(each) && at.verify(each.publicKey))
    if (issuer === undefined) return false
    at = issuer
  }
  return false
}
