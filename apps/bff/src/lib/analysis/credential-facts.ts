import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isRecord, type KubeResource } from '@meshdeck/kube'
import type { CredentialFacts } from '@meshdeck/mesh'

/**
 * Whether the certificate in a TLS Secret can be used, in words when not. The key is only compared with it and goes no
 * further. Sources: https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets and
 * https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/ (the keys of the generic form).
 */
export function credentialFacts(secret: KubeResource, now: Date): CredentialFacts {
  const certificate = textOf(secret, 'tls.crt') ?? textOf(secret, 'cert')
  const key = textOf(secret, 'tls.key') ?? textOf(secret, 'key')
  if (certificate === undefined || certificate === '') return { exists: true, fault: 'tls.crt is not there' }
  if (key === undefined || key === '') return { exists: true, fault: 'tls.key is not there' }
  try {
    const parsed = new X509Certificate(certificate)
    if (parsed.validToDate < now) return { exists: true, fault: `expired ${parsed.validToDate.toISOString()}` }
    if (parsed.validFromDate > now)
      return { exists: true, fault: `not valid before ${parsed.validFromDate.toISOString()}` }
    if (!parsed.checkPrivateKey(createPrivateKey(key)))
      return { exists: true, fault: 'tls.key is not the key of tls.crt' }
    return { exists: true }
  } catch {
    return { exists: true, fault: 'tls.crt or tls.key is no PEM' }
  }
}

function textOf(secret: KubeResource, key: string): string | undefined {
  const value = isRecord(secret['data']) ? secret['data'][key] : undefined
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined
}
