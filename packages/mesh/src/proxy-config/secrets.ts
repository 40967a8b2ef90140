import { configPart, messageAt, messagesAt, textAt } from './envoy-json.ts'
import { fromBase64 } from './from-base64.ts'

/** Certificates that a proxy was given under one name, as PEM. */
export interface ProxyCertificates {
  name: string
  type: 'Cert Chain' | 'CA'
  /** `ACTIVE`, or `WARMING` while Envoy still waits for it. */
  state: 'ACTIVE' | 'WARMING'
  pem: string
}

/** The certificates of a configuration; private keys are never read. */
export function readSecrets(dump: unknown): ProxyCertificates[] {
  const part = configPart(dump, 'SecretsConfigDump')
  return (
    [
      ['dynamic_active_secrets', 'ACTIVE'],
      ['dynamic_warming_secrets', 'WARMING'],
      ['static_secrets', 'ACTIVE'],
    ] as const
  ).flatMap(([kind, state]) =>
    messagesAt(part, kind).map((each) => {
      const secret = messageAt(each, 'secret')
      const chain = textAt(secret, 'tls_certificate', 'certificate_chain', 'inline_bytes')
      const authority = textAt(secret, 'validation_context', 'trusted_ca', 'inline_bytes')
      return {
        name: textAt(each, 'name') ?? textAt(secret, 'name') ?? '',
        type: authority === undefined ? ('Cert Chain' as const) : ('CA' as const),
        state,
        pem: fromBase64(authority ?? chain ?? ''),
      }
    }),
  )
}
