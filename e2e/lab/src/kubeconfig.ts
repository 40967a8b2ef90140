import type { Pair } from './credentials.ts'

/** One context of a kubeconfig, named by its cluster. */
export interface KubeconfigEntry {
  readonly cluster: string
  readonly server: string
  readonly certificateAuthority: string
  readonly user: string
  readonly credentials: Pair
}

/** A kubeconfig with a context per entry, all credentials inside, the first one current. */
export function renderKubeconfig(entries: readonly KubeconfigEntry[]): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${entries[0]?.cluster ?? '""'}`,
    'preferences: {}',
    'clusters:',
    ...entries.flatMap((entry) => [
      `  - name: ${entry.cluster}`,
      '    cluster:',
      `      server: ${entry.server}`,
      `      certificate-authority-data: ${base64(entry.certificateAuthority)}`,
    ]),
    'contexts:',
    ...entries.flatMap((entry) => [
      `  - name: ${entry.cluster}`,
      '    context:',
      `      cluster: ${entry.cluster}`,
      `      user: ${userKey(entry)}`,
    ]),
    'users:',
    ...entries.flatMap((entry) => [
      `  - name: ${userKey(entry)}`,
      '    user:',
      `      client-certificate-data: ${base64(entry.credentials.certificate)}`,
      `      client-key-data: ${base64(entry.credentials.key)}`,
    ]),
    '',
  ].join('\n')
}

// Each cluster has its own CA, so the same person has other credentials in each.
function userKey(entry: KubeconfigEntry): string {
  return JSON.stringify(`${entry.user}/${entry.cluster}`)
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
