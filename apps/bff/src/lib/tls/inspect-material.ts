import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import type { CertificateFacts, TlsFault, TlsFaultCode, TlsNoteCode, TlsState } from '@meshdeck/contract'
import { certificateFacts, isSelfSigned } from './certificate-facts.ts'
import { pemBlocks, type PemBlock } from './pem-blocks.ts'

const DAY_MS = 86_400_000
/** Certificates that end sooner are warned of. */
const SOON_MS = 30 * DAY_MS

/** What a TLS Secret is made of, in PEM. */
export interface TlsMaterial {
  /** The holder's certificate, then those that lead to the root. */
  certificate?: string
  key?: string
  /** Authorities that the other side is checked by. */
  authority?: string
}

export interface Inspection {
  chain: CertificateFacts[]
  authorities: CertificateFacts[]
  faults: TlsFault[]
  notes: TlsNoteCode[]
  state: TlsState
  /** The earliest end of all certificates. */
  notAfter?: string
  /** The same material without what is not PEM. */
  tidy: TlsMaterial
}

/**
 * Checks certificates and their key as a gateway would, at `now`. Only public facts come out, beside `tidy`. Sources:
 * https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/ and RFC 8446 §4.4.2 (order of a chain).
 */
export function inspectMaterial({ certificate, key, authority }: TlsMaterial, now: Date): Inspection {
  const faults: TlsFault[] = []
  const tell = (code: TlsFaultCode, at?: number): void => {
    faults.push({ code, ...(at === undefined ? {} : { at }) })
  }
  const hasPair = isGiven(certificate) || isGiven(key) || !isGiven(authority)
  const chain = hasPair ? readChain(certificate, tell) : []
  const privateKey = hasPair ? readKey(key, tell) : undefined
  const authorities = isGiven(authority) ? readAuthorities(authority, tell) : []
  const [leaf] = chain
  if (leaf !== undefined && privateKey !== undefined && !leaf.checkPrivateKey(privateKey)) {
    // The key's own certificate further down: that is a matter of order, not of the key.
    const own = chain.findIndex((each) => each.checkPrivateKey(privateKey))
    if (own > 0) tell('certificate.order', own + 1)
    else tell('key.mismatch')
  } else checkOrder(chain, tell)
  chain.forEach((each, at) => each.validToDate <= now && tell('certificate.expired', at + 1))
  authorities.forEach((each, at) => each.validToDate <= now && tell('authority.expired', at + 1))

  const ends = [...chain, ...authorities].map(({ validToDate }) => validToDate).toSorted((a, b) => +a - +b)
  const [notAfter] = ends
  const isSoon = notAfter !== undefined && +notAfter - +now <= SOON_MS
  const isExpired = notAfter !== undefined && notAfter <= now
  const isBroken = faults.some(({ code }) => !code.endsWith('.expired'))
  const tidyKey = blocksOf(key).find(isKey)?.text
  return {
    chain: chain.map(certificateFacts),
    authorities: authorities.map(certificateFacts),
    faults,
    notes: notesOf(chain, authorities, isSoon && !isExpired, now),
    state: isBroken ? 'broken' : isExpired ? 'expired' : isSoon ? 'soon' : 'valid',
    ...(notAfter === undefined ? {} : { notAfter: notAfter.toISOString() }),
    tidy: {
      ...(chain.length === 0 ? {} : { certificate: certificatesIn(certificate) }),
      ...(tidyKey === undefined ? {} : { key: tidyKey }),
      ...(authorities.length === 0 ? {} : { authority: certificatesIn(authority) }),
    },
  }
}

type Tell = (code: TlsFaultCode, at?: number) => void

const isGiven = (text: string | undefined): text is string => text !== undefined && text.trim() !== ''
const isKey = ({ label }: PemBlock): boolean => label.endsWith('PRIVATE KEY')
const blocksOf = (text: string | undefined): PemBlock[] => pemBlocks(text ?? '')
const certificatesIn = (text: string | undefined): string =>
  blocksOf(text)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map((block) => block.text)
    .join('')

function readChain(text: string | undefined, tell: Tell): X509Certificate[] {
  if (!isGiven(text)) {
    tell('certificate.missing')
    return []
  }
  const blocks = pemBlocks(text)
  if (blocks.some(isKey)) tell('certificate.holdsKey')
  const chain = readCertificates(blocks)
  if (chain !== undefined && chain.length > 0) return chain
  if (blocks.some(({ label }) => label.endsWith('CERTIFICATE REQUEST'))) tell('certificate.isRequest')
  else if (!blocks.some(isKey)) tell('certificate.notPem')
  return []
}

function readAuthorities(text: string, tell: Tell): X509Certificate[] {
  const found = readCertificates(pemBlocks(text))
  if (found === undefined || found.length === 0) tell('authority.notPem')
  return found ?? []
}

/** Absent when one of them cannot be read. */
function readCertificates(blocks: readonly PemBlock[]): X509Certificate[] | undefined {
  try {
    return blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ text }) => new X509Certificate(text))
  } catch {
    return undefined
  }
}

function readKey(text: string | undefined, tell: Tell): KeyObject | undefined {
  if (!isGiven(text)) {
    tell('key.missing')
    return undefined
  }
  const block = pemBlocks(text).find(isKey)
  if (block === undefined) {
    tell('key.notPem')
    return undefined
  }
  if (block.label.startsWith('ENCRYPTED') || block.text.includes('Proc-Type: 4,ENCRYPTED')) {
    tell('key.encrypted')
    return undefined
  }
  try {
    return createPrivateKey(block.text)
  } catch {
    // The library's words may quote what it was given.
    tell('key.notPem')
    return undefined
  }
}

/** Each certificate is signed by the one after it. */
function checkOrder(chain: readonly X509Certificate[], tell: Tell): void {
  for (const [at, issuer] of chain.slice(1).entries()) {
    const issued = chain[at]
    if (issued !== undefined && !(issued.checkIssued(issuer) && issued.verify(issuer.publicKey))) {
      tell('certificate.order', at + 2)
      return
    }
  }
}

function notesOf(
  [leaf]: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  isSoon: boolean,
  now: Date,
): TlsNoteCode[] {
  const notes: TlsNoteCode[] = isSoon ? ['soon'] : []
  if (leaf !== undefined) {
    if (leaf.validFromDate > now) notes.push('notYet')
    if (isSelfSigned(leaf)) notes.push('selfSigned')
    if (leaf.subjectAltName === undefined) notes.push('noNames')
  }
  if (authorities.some(({ ca }) => !ca)) notes.push('noAuthority')
  return notes
}
