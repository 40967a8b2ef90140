import { API_ROOT, withQuery } from './paths.ts'

const e = encodeURIComponent

/** Which proxy: that of a pod. */
export interface ProxyRef {
  cluster: string
  namespace: string
  pod: string
}

const proxy = ({ cluster, namespace, pod }: ProxyRef): string =>
  `${API_ROOT}/clusters/${e(cluster)}/proxies/${e(namespace)}/${e(pod)}`

/** Paths that only the pages about proxies ask for. Apart from `paths`, which every page loads, and from the schemas. */
export const proxyPaths = {
  list: (mesh: string, query: Record<string, string | number | boolean | undefined> = {}) =>
    withQuery(`${API_ROOT}/meshes/${e(mesh)}/proxies`, query),
  config: (ref: ProxyRef, section: string) => `${proxy(ref)}/config/${e(section)}`,
  dump: (ref: ProxyRef, section: string) => `${proxy(ref)}/dump/${e(section)}`,
  logLevels: (ref: ProxyRef) => `${proxy(ref)}/log-levels`,
}
