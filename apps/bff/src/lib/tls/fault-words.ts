import type { TlsFaultCode } from '@meshdeck/contract'

/** Faults for those who use the API; the console has words of its own. `at` counts certificates from 1. */
export const FAULT_WORDS: Readonly<Record<TlsFaultCode, (at: number) => string>> = {
  'certificate.missing': () => 'is required, together with its key; or give an authority alone',
  'certificate.notPem': () => 'holds no certificate in PEM (-----BEGIN CERTIFICATE-----)',
  'certificate.isRequest': () => 'is a request (.csr); give the certificate that was issued for it',
  'certificate.holdsKey': () => 'holds a private key; give that as key',
  'certificate.order': (at) =>
    `must be in order, each signed by the next: number ${at} is out of place, the holder’s own comes first`,
  'certificate.expired': (at) => `number ${at} has expired; renew it`,
  'key.missing': () => 'is required together with the certificate',
  'key.notPem': () => 'holds no private key in PEM (-----BEGIN PRIVATE KEY-----)',
  'key.encrypted': () => 'has a passphrase, which gateways cannot ask for; decrypt it first',
  'key.mismatch': () => 'does not belong to the certificate',
  'authority.notPem': () => 'holds no certificate in PEM (-----BEGIN CERTIFICATE-----)',
  'authority.expired': (at) => `number ${at} has expired; renew it`,
}
