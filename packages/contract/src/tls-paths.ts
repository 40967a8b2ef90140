import { API_ROOT, withQuery } from './paths.ts'

const e = encodeURIComponent

export interface TlsSecretRef {
  cluster: string
  namespace: string
  name: string
}

/** Paths that only the pages of TLS secrets ask for. Apart from `paths`, which every page loads, and from the schemas. */
export const tlsPaths = {
  list: (mesh: string, query: Record<string, string | number | undefined> = {}) =>
    withQuery(`${API_ROOT}/meshes/${e(mesh)}/tls-secrets`, query),
  /** Creates; with `dryRun=All` it only checks. */
  create: (mesh: string, dryRun = false) =>
    withQuery(`${API_ROOT}/meshes/${e(mesh)}/tls-secrets`, { dryRun: dryRun ? 'All' : undefined }),
  /** One: read, replaced (PUT), deleted. */
  one: (
    mesh: string,
    { cluster, namespace, name }: TlsSecretRef,
    query: Record<string, string | boolean | undefined> = {},
  ) => withQuery(`${API_ROOT}/meshes/${e(mesh)}/tls-secrets/${e(cluster)}/${e(namespace)}/${e(name)}`, query),
}
