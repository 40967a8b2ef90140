import { API_ROOT } from './paths.ts'

const e = encodeURIComponent
const one = (mesh: string, namespace: string, name: string): string =>
  `${API_ROOT}/meshes/${e(mesh)}/services/${e(namespace)}/${e(name)}`

/** Paths that only the page of one service asks for. Apart from `paths`, which every page loads, and from the schemas. */
export const servicePaths = {
  instances: (mesh: string, namespace: string, name: string) => `${one(mesh, namespace, name)}/instances`,
  versions: (mesh: string, namespace: string, name: string) => `${one(mesh, namespace, name)}/versions`,
}
