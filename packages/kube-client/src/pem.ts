import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { KubeconfigError } from './errors.ts'

/** Decodes base64 strictly: Node's own decoder skips what it does not know, and a half key would be the result. */
export function decodeBase64(text: string, field: string): string {
  const compact = text.replace(/\s+/g, '')
  if (compact === '' || compact.length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new KubeconfigError('base64-invalid', field, `"${field}" is not valid base64; copy it again from the source`)
  }
  return Buffer.from(compact, 'base64').toString('utf8')
}

/** The certificates of a PEM text, at least one. Throws `KubeconfigError`. */
export function readCertificates(pem: string, field: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new KubeconfigError('pem-invalid', field, `"${field}" holds no PEM certificate`)
  return blocks.map((block) => {
    try {
      return new X509Certificate(block)
    } catch {
      throw new KubeconfigError('pem-invalid', field, `"${field}" holds a certificate that cannot be read`)
    }
  })
}

/** Checks a client certificate and its key: both readable, belonging together, and not expired at `now`. Throws `KubeconfigError`. */
export function checkClientCertificate(
  certPem: string,
  certField: string,
  keyPem: string,
  keyField: string,
  now: Date,
): void {
  const [leaf] = readCertificates(certPem, certField)
  const key = readPrivateKey(keyPem, keyField)
  if (!leaf) return
  if (leaf.validToDate < now) {
    throw new KubeconfigError(
      'client-certificate-expired',
      certField,
      `The client certificate in "${certField}" expired on ${leaf.validToDate.toISOString()}; get a new kubeconfig for this cluster`,
    )
  }
  if (!leaf.checkPrivateKey(key)) {
    throw new KubeconfigError(
      'client-key-mismatch',
      keyField,
      `The key in "${keyField}" does not belong to the certificate in "${certField}"`,
    )
  }
}

function readPrivateKey(pem: string, field: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new KubeconfigError(
      'pem-invalid',
      field,
      `"${field}" holds no private key that can be read; it must be PEM, without a passphrase`,
    )
  }
}
