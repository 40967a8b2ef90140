import type { X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '@meshdeck/contract'

/** What may be shown of a certificate. */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: onOneLine(certificate.subject),
    names: alternativeNames(certificate.subjectAltName),
    issuer: onOneLine(certificate.issuer),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256,
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    isAuthority: certificate.ca,
    isSelfSigned: isSelfSigned(certificate),
    keyType: keyTypeOf(certificate),
  }
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey)
}

/** Node writes a distinguished name with a line for each part. */
const onOneLine = (name: string | undefined): string => (name ?? '').split('\n').join(', ')

/** `DNS:a.example, IP Address:10.0.0.1`; names with odd characters are written as JSON strings. */
function alternativeNames(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/(?:^|, )(?:DNS|IP Address|URI|email):(?:"((?:[^"\\]|\\.)*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  )
}

function keyTypeOf({ publicKey }: X509Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {}
  if (modulusLength !== undefined) return `RSA ${modulusLength}`
  return namedCurve === undefined ? (publicKey.asymmetricKeyType ?? 'unknown') : `EC ${namedCurve}`
}
