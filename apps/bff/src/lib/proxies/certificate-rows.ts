import { X509Certificate } from 'node:crypto'
import type { ProxyConfigRow } from '@meshdeck/contract'
import type { readSecrets } from '@meshdeck/mesh/proxy-config'
import { certificateFacts } from '../tls/certificate-facts.ts'

type Certificates = ReturnType<typeof readSecrets>[number]

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** One row for each certificate: whose it is, and until when; a chain begins with the proxy's own. */
export function certificateRows(secrets: readonly Certificates[], now: Date): ProxyConfigRow[] {
  return secrets.flatMap((secret) => {
    const blocks = secret.pem.match(PEM) ?? []
    return blocks.length === 0 ? [emptyRow(secret)] : blocks.map((pem, index) => rowOf(secret, pem, index, now))
  })
}

function rowOf({ name, type, state }: Certificates, pem: string, index: number, now: Date): ProxyConfigRow {
  const key = index === 0 ? name : `${name} #${index + 1}`
  const facts = factsOf(pem)
  if (facts === undefined) return { ...emptyRow({ name, type, state, pem: '' }), key }
  const { subject, names, serial, notBefore, notAfter, fingerprint } = facts
  const isValid = new Date(notBefore) <= now && now < new Date(notAfter)
  return {
    key,
    cells: {
      name,
      type: index === 0 || type === 'CA' ? type : `${type} (${index + 1})`,
      subject,
      identity: names.filter((each) => each.startsWith('spiffe://')).join(', '),
      valid: state === 'WARMING' ? 'warming' : isValid ? 'valid' : 'invalid',
      notAfter,
      notBefore,
      serial,
    },
    resource: name,
    fingerprint,
  }
}

/** What has no certificate (yet), or one in a file of its pod. */
function emptyRow({ name, type, state }: Certificates): ProxyConfigRow {
  const cells = { name, type, subject: '', identity: '', valid: state === 'WARMING' ? 'warming' : '' }
  return { key: name, cells: { ...cells, notAfter: '', notBefore: '', serial: '' }, resource: name, fingerprint: '' }
}

function factsOf(pem: string): ReturnType<typeof certificateFacts> | undefined {
  try {
    return certificateFacts(new X509Certificate(pem))
  } catch {
    return undefined
  }
}
