import { isRecord, type KubeResource } from '@meshdeck/kube'

/** Text under a key of a Secret; `undefined` when it is not there or empty. */
export function secretText(secret: KubeResource | undefined, key: string): string | undefined {
  const data = secret?.['data']
  const value = isRecord(data) ? data[key] : undefined
  return typeof value === 'string' && value !== '' ? Buffer.from(value, 'base64').toString('utf8') : undefined
}
