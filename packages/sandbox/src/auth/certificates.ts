// The certificate library keeps its parts in a container that needs this before it is loaded.
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { X509Certificate } from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS

export interface KeyPair {
  /** PEM. */
  readonly certificate: string
  /** PEM, PKCS #8. */
  readonly key: string
}

export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

type Keys = Awaited<ReturnType<typeof generateKeys>>

/** A certificate authority of one cluster; its keys live and die with the process. */
export class CertificateAuthority {
  readonly #keys: Keys
  readonly #certificate: X509Certificate

  private constructor(keys: Keys, certificate: X509Certificate) {
    this.#keys = keys
    this.#certificate = certificate
  }

  static async create(name: string): Promise<CertificateAuthority> {
    const keys = await generateKeys()
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: [{ CN: [name] }],
      keys,
      signingAlgorithm: ALGORITHM,
      ...years(10),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(
          KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
          true,
        ),
      ],
    })
    return new CertificateAuthority(keys, certificate)
  }

  /** PEM. */
  get pem(): string {
    return `${this.#certificate.toString('pem')}\n`
  }

  /** Its own certificate and key, for who signs by it. */
  async pair(): Promise<KeyPair> {
    return { certificate: this.pem, key: await privateKeyPem(this.#keys.privateKey) }
  }

  /** A certificate for a server on this machine. */
  server(): Promise<KeyPair> {
    return this.#issue([{ CN: ['kube-apiserver'] }], SERVER_AUTH, years(1), [
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'dns', value: 'kubernetes.default.svc' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ])
  }

  /** A certificate for a server of these names. */
  host(names: readonly string[], validity: Validity = years(1)): Promise<KeyPair> {
    return this.#issue([{ CN: [names[0] ?? 'nobody'] }], SERVER_AUTH, validity, [
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
    ])
  }

  /** A certificate that says who its holder is: user name as CN, groups as O. */
  client(username: string, groups: readonly string[], validity: Validity = years(1)): Promise<KeyPair> {
    return this.#issue([{ CN: [username] }, ...groups.map((group) => ({ O: [group] }))], CLIENT_AUTH, validity, [])
  }

  /** A certificate of a workload, such as istiod signs: nameless, with its identity as URI. */
  workload(identity: string, validity: Validity): Promise<KeyPair> {
    return this.#issue([], SERVER_AUTH, validity, [
      new SubjectAlternativeNameExtension([{ type: 'url', value: identity }], true),
    ])
  }

  async #issue(
    name: Record<string, string[]>[],
    usage: string,
    validity: Validity,
    extensions: SubjectAlternativeNameExtension[],
  ): Promise<KeyPair> {
    const keys = await generateKeys()
    const certificate = await X509CertificateGenerator.create({
      subject: name,
      issuer: this.#certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        ...extensions,
      ],
    })
    return { certificate: `${certificate.toString('pem')}\n`, key: await privateKeyPem(keys.privateKey) }
  }
}

function generateKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function privateKeyPem(key: Keys['privateKey']): Promise<string> {
  const base64 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${base64.replaceAll(/(.{64})/g, '$1\n').trimEnd()}\n-----END PRIVATE KEY-----\n`
}

/** From a day ago, since clocks differ. */
function years(count: number): Validity {
  return { notBefore: new Date(Date.now() - DAY_MS), notAfter: new Date(Date.now() + count * YEAR_MS) }
}
