import { readFileSync } from 'node:fs'
import { isRecord } from '@meshdeck/kube'

/** Version of Meshdeck, from the package that this file belongs to. */
export const VERSION: string = readVersion()

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return isRecord(manifest) && typeof manifest['version'] === 'string' ? manifest['version'] : '0.0.0'
}
