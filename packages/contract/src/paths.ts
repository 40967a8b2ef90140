import { kindOf, type KindId, type ResourceRef } from '@meshdeck/kube'

/** Root of the API, below the base path. */
export const API_ROOT = '/api/v1'

const e = encodeURIComponent

type Query = Record<string, string | number | boolean | undefined>

/** Adds the members of `query` that are set. */
export function withQuery(path: string, query: Query): string {
  const text = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${e(key)}=${e(String(value))}`)
    .join('&')
  return text === '' ? path : `${path}?${text}`
}

/** Every path of the API, built in this one place. */
export const paths = {
  authModes: `${API_ROOT}/auth-modes`,
  session: `${API_ROOT}/session`,
  access: `${API_ROOT}/access`,
  events: `${API_ROOT}/events`,
  openapi: `${API_ROOT}/openapi.json`,

  clusters: `${API_ROOT}/clusters`,
  cluster: (cluster: string) => `${API_ROOT}/clusters/${e(cluster)}`,
  clusterTest: `${API_ROOT}/clusters/-test`,
  clusterJoin: `${API_ROOT}/clusters/-join`,

  meshes: (query: Query = {}) => withQuery(`${API_ROOT}/meshes`, query),
  meshOverview: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/overview`,
  meshCounts: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/resource-counts`,
  /** Namespaces with injection. */
  meshInjection: (mesh: string, query: Query = {}) => withQuery(`${API_ROOT}/meshes/${e(mesh)}/injection`, query),
  setInjection: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/injection`,
  setSidecar: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/workloads/-sidecar`,
  meshWorkloads: (mesh: string, query: Query = {}) => withQuery(`${API_ROOT}/meshes/${e(mesh)}/workloads`, query),
  /** Sidecars of one workload, pod by pod. */
  workloadSidecars: (mesh: string, { cluster, namespace, kind, name }: Omit<ResourceRef, 'kind'> & { kind: string }) =>
    `${API_ROOT}/meshes/${e(mesh)}/workloads/${e(cluster)}/${e(namespace ?? '')}/${e(kind)}/${e(name)}/sidecars`,
  meshServices: (mesh: string, query: Query = {}) => withQuery(`${API_ROOT}/meshes/${e(mesh)}/services`, query),
  meshService: (mesh: string, namespace: string, name: string) =>
    `${API_ROOT}/meshes/${e(mesh)}/services/${e(namespace)}/${e(name)}`,
  topology: (mesh: string, query: Query = {}) => withQuery(`${API_ROOT}/meshes/${e(mesh)}/topology`, query),
  findings: (mesh: string, query: Query = {}) => withQuery(`${API_ROOT}/meshes/${e(mesh)}/findings`, query),
  explain: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/-explain`,
  previewFindings: (mesh: string) => `${API_ROOT}/meshes/${e(mesh)}/findings/-preview`,
  golden: (mesh: string, query: Query) => withQuery(`${API_ROOT}/meshes/${e(mesh)}/metrics/golden`, query),

  /** List of a kind over all clusters of a mesh. */
  meshResources: (mesh: string, kind: KindId, query: Query = {}) =>
    withQuery(`${API_ROOT}/meshes/${e(mesh)}/resources/${kindOf(kind).path}`, query),
  /** List of a kind in one cluster; `cluster` may be `HUB`. */
  resources: (cluster: string, kind: KindId, query: Query = {}) =>
    withQuery(`${API_ROOT}/clusters/${e(cluster)}/resources/${kindOf(kind).path}`, query),
  /** One object. Namespaced kinds: `…/:namespace/:name`, cluster-scoped ones: `…/:name`. */
  resource: (ref: ResourceRef, query: Query = {}) =>
    withQuery(
      `${API_ROOT}/clusters/${e(ref.cluster)}/resources/${kindOf(ref.kind).path}${
        ref.namespace === undefined ? '' : `/${e(ref.namespace)}`
      }/${e(ref.name)}`,
      query,
    ),
  /** Where a new object is posted to; its namespace stands in the body. */
  create: (cluster: string, kind: KindId, query: Query = {}) =>
    withQuery(`${API_ROOT}/clusters/${e(cluster)}/resources/${kindOf(kind).path}`, query),
}
