import { kindOf, type KindId } from '@meshdeck/kube'
import { API_ROOT } from './paths.ts'

const e = encodeURIComponent

/** Paths that only a few pages ask for. Apart from `paths`, which every page loads, and from the schemas. */
export const lifePaths = {
  removal: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/removal`,
  orphans: (cluster: string) => `${API_ROOT}/clusters/${e(cluster)}/orphans`,
  schema: (cluster: string, kind: KindId) => `${API_ROOT}/clusters/${e(cluster)}/schemas/${kindOf(kind).path}`,
  preflight: `${API_ROOT}/preflight`,
  adoptions: (cluster: string) => `${API_ROOT}/clusters/${e(cluster)}/adoptions`,
}
