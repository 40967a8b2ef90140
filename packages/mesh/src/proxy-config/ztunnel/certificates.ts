import { sortRows, withDistinctKeys, type ConfigRow } from '../config-row.ts'
import { messagesAt, textAt, type Message } from '../envoy-json.ts'
import { fingerprint } from '../fingerprint.ts'

/**
 * One row for each certificate of each identity that a ztunnel speaks for, at a moment: its own, those between it and the
 * root, and the root. An identity without one has a row that says why.
 */
export function ztunnelCertificateRows(dump: unknown, now: Date): ConfigRow[] {
  const rows = messagesAt(dump, 'certificates').flatMap((each) => rowsOf(each, now))
  return withDistinctKeys(sortRows(rows, ['identity']))
}

function rowsOf(entry: Message, now: Date): ConfigRow[] {
  const identity = textAt(entry, 'identity') ?? ''
  const state = textAt(entry, 'state') ?? ''
  const chain = messagesAt(entry, 'cert_chain')
  const roots = messagesAt(entry, 'root_certs')
  // Before ztunnel told of roots apart, the last of the chain was one.
  const isRoot = (index: number): boolean => roots.length === 0 && index > 0 && index === chain.length - 1
  const types = chain.map((_, index) => (index === 0 ? 'Leaf' : isRoot(index) ? 'Root' : 'Intermediate'))
  const all = [...chain, ...roots]
  if (all.length === 0) {
    const cells = { identity, type: '', certificateState: state, valid: '', notAfter: '', notBefore: '', serial: '' }
    return [{ key: identity, cells, resource: identity, fingerprint: state }]
  }
  return all.map((certificate, index) => {
    const type = types[index] ?? 'Root'
    const [notBefore, notAfter] = [dateAt(certificate, 'valid_from'), dateAt(certificate, 'expiration_time')]
    const time = now.toISOString()
    const isValid = notBefore !== '' && notBefore <= time && time < notAfter
    return {
      key: `${identity} ${type}`,
      cells: {
        identity,
        type,
        certificateState: state,
        valid: isValid ? 'valid' : 'invalid',
        notAfter,
        notBefore,
        serial: serialOf(certificate),
      },
      resource: identity,
      fingerprint: fingerprint(certificate),
    }
  })
}

/** ISO 8601 in UTC; empty for what is no date. */
function dateAt(certificate: Message, field: string): string {
  const time = Date.parse(textAt(certificate, field) ?? '')
  return Number.isNaN(time) ? '' : new Date(time).toISOString()
}

/** Hexadecimal, as everybody else writes it; ztunnel writes decimal digits. */
function serialOf(certificate: Message): string {
  const digits = textAt(certificate, 'serial_number') ?? ''
  return /^\d{1,60}$/.test(digits) ? BigInt(digits).toString(16) : digits
}
