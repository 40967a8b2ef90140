import { isNamespaceName, isRecord, isResourceName, type KubeResource } from '@meshdeck/kube'
import type { ClusterConnection, KubeRequest } from './connection.ts'
import { InvalidRequestError, KubeStatusError } from './errors.ts'
import type { Identity } from './identity.ts'

/** Looks at objects of any kind that a cluster serves, as one identity; for manifests of others. Nothing is written. */
export interface ManifestClient {
  /** The object that is there under the name of this one; undefined when it, its namespace or its kind is not. */
  find(object: KubeResource): Promise<KubeResource | undefined>
  /** What the object would be after server-side apply; undefined when its namespace or its kind is not there yet. */
  tryApply(object: KubeResource, fieldManager: string): Promise<KubeResource | undefined>
}

/** All methods throw what `ClusterConnection` throws, and `InvalidRequestError` for what is no name. */
export function createManifestClient(connection: ClusterConnection, identity: Identity): ManifestClient {
  const served = new Map<string, Promise<ServedKind[]>>()

  async function kindsOf(apiVersion: string): Promise<ServedKind[]> {
    const known = served.get(apiVersion) ?? discover(apiVersion)
    served.set(apiVersion, known)
    return known
  }

  async function discover(apiVersion: string): Promise<ServedKind[]> {
    if (!/^([a-z0-9.-]+\/)?v[a-z0-9]+$/.test(apiVersion))
      throw new InvalidRequestError('apiVersion', `${JSON.stringify(apiVersion)} is not a valid apiVersion`)
    const body = await unlessMissing({ path: rootOf(apiVersion) })
    const resources = isRecord(body) && Array.isArray(body['resources']) ? body['resources'] : []
    return resources.filter(isServedKind)
  }

  async function unlessMissing(request: KubeRequest): Promise<unknown> {
    try {
      return (await connection.request<unknown>({ ...request, identity })).body
    } catch (error) {
      if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
      throw error
    }
  }

  async function pathOf({ apiVersion, kind, metadata }: KubeResource): Promise<string | undefined> {
    // Subresources have a slash in their name.
    const found = (await kindsOf(apiVersion)).find((each) => each.kind === kind && !each.name.includes('/'))
    if (found === undefined) return undefined
    const { name, namespace = '' } = metadata
    // Names of roles may have a colon, which is no harm in a path.
    if (!isResourceName(name.replaceAll(':', '-')))
      throw new InvalidRequestError('name', `${JSON.stringify(name)} is not a valid name`)
    if (found.namespaced && !isNamespaceName(namespace))
      throw new InvalidRequestError('namespace', `${JSON.stringify(namespace)} is not a valid namespace`)
    const inside = found.namespaced ? `/namespaces/${namespace}` : ''
    return `${rootOf(apiVersion)}${inside}/${found.name}/${name}`
  }

  return {
    find: async (object) => {
      const path = await pathOf(object)
      return path === undefined ? undefined : asObject(await unlessMissing({ path }))
    },
    tryApply: async (object, fieldManager) => {
      const path = await pathOf(object)
      if (path === undefined) return undefined
      const query = { dryRun: 'All', fieldManager, force: true }
      const contentType = 'application/apply-patch+yaml'
      return asObject(await unlessMissing({ method: 'PATCH', path, query, body: object, contentType }))
    },
  }
}

interface ServedKind {
  name: string
  kind: string
  namespaced: boolean
}

const rootOf = (apiVersion: string): string => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`)

const isServedKind = (value: unknown): value is ServedKind =>
  isRecord(value) && typeof value['name'] === 'string' && typeof value['kind'] === 'string'

/** The boundary: an API server answers a request for one object with it. */
const asObject = (body: unknown): KubeResource | undefined =>
  isRecord(body) ? (body as unknown as KubeResource) : undefined
