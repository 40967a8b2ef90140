import { kindOf, type KindId } from '@meshdeck/kube'

/** Where a link leads: spread it into the router's `Link` or `navigate`. */
export interface Place {
  to: string
  search?: Record<string, string>
}

/** An object of a mesh as its address names it. */
export interface ObjectPlace {
  kind: KindId
  cluster: string
  namespace?: string | undefined
  name: string
}

const e = encodeURIComponent
const inMesh = (mesh: string, path: string): string => `/meshes/${e(mesh)}/${path}`
const objectPath = ({ kind, namespace, name }: ObjectPlace): string =>
  [kindOf(kind).path, ...(namespace === undefined ? [] : [e(namespace)]), e(name)].join('/')

/** Every address of the console, built in this one place. The base path is the router's business. */
export const places = {
  meshes: (): Place => ({ to: '/meshes' }),
  createMesh: (mode?: string): Place => ({
    to: '/meshes/-create',
    ...(mode === undefined ? {} : { search: { mode } }),
  }),
  meshProgress: (mesh: string, mode: string): Place => ({ to: '/meshes/-create', search: { mode, attached: mesh } }),
  editMesh: (mesh: string): Place => ({ to: inMesh(mesh, '-edit') }),
  adoptMesh: (mesh: string): Place => ({ to: inMesh(mesh, '-adopt') }),
  overview: (mesh: string): Place => ({ to: inMesh(mesh, 'overview') }),
  findings: (mesh: string, search: Record<string, string> = {}): Place => ({ to: inMesh(mesh, 'findings'), search }),
  explain: (mesh: string, search: Record<string, string> = {}): Place => ({ to: inMesh(mesh, 'explain'), search }),
  history: (mesh: string): Place => ({ to: inMesh(mesh, 'history') }),
  topology: (mesh: string, search: Record<string, string> = {}): Place => ({ to: inMesh(mesh, 'topology'), search }),
  monitoring: (mesh: string, dashboard = 'mesh', search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, `monitoring/${dashboard}`),
    search,
  }),
  services: (mesh: string): Place => ({ to: inMesh(mesh, 'services') }),
  service: (mesh: string, namespace: string, name: string, tab = 'overview'): Place => ({
    to: inMesh(mesh, `services/${e(namespace)}/${e(name)}/${tab}`),
  }),
  sidecarGlobal: (mesh: string, search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, 'sidecars/global'),
    search,
  }),
  sidecarNamespaces: (mesh: string, search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, 'sidecars/namespaces'),
    search,
  }),
  sidecarWorkloads: (mesh: string, search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, 'sidecars/workloads'),
    search,
  }),
  meshClusters: (mesh: string): Place => ({ to: inMesh(mesh, 'clusters') }),
  istioResources: (mesh: string): Place => ({ to: inMesh(mesh, 'config/istio-resources') }),

  kindList: (mesh: string, kind: KindId, search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, kindOf(kind).path),
    search,
  }),
  kindCreate: (mesh: string, kind: KindId, search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, `${kindOf(kind).path}/-create`),
    search,
  }),
  object: (mesh: string, object: ObjectPlace, search: Record<string, string> = {}): Place => ({
    to: inMesh(mesh, objectPath(object)),
    search: { cluster: object.cluster, ...search },
  }),
  objectEdit: (mesh: string, object: ObjectPlace): Place => ({
    to: inMesh(mesh, `${objectPath(object)}/-edit`),
    search: { cluster: object.cluster },
  }),
  objectYaml: (mesh: string, object: ObjectPlace): Place => ({
    to: inMesh(mesh, `${objectPath(object)}/-yaml`),
    search: { cluster: object.cluster },
  }),

  clusters: (): Place => ({ to: '/clusters' }),
  cluster: (cluster: string): Place => ({ to: `/clusters/${e(cluster)}` }),
  joinCluster: (): Place => ({ to: '/clusters/-join' }),
  settings: (): Place => ({ to: '/settings' }),
  signIn: (returnTo?: string): Place => ({
    to: '/sign-in',
    ...(returnTo === undefined ? {} : { search: { return: returnTo } }),
  }),
}
