import { readFile } from 'node:fs/promises'
import type { ClusterConnectionSpec } from './kubeconfig.ts'

/** As client-go: a mounted service account token is replaced well before it ends. */
const TOKEN_FILE_TTL_MS = 60_000

/** The cluster's own bearer token; one that lies in a file is read again when it may have been replaced. */
export function tokenReader(spec: ClusterConnectionSpec): () => Promise<string | undefined> {
  const path = spec.tokenFile
  if (path === undefined) return () => Promise.resolve(spec.token)
  let cached: { token: string; until: number } | undefined
  return async () => {
    if (!cached || cached.until < Date.now()) {
      cached = { token: (await readFile(path, 'utf8')).trim(), until: Date.now() + TOKEN_FILE_TTL_MS }
    }
    return cached.token
  }
}
