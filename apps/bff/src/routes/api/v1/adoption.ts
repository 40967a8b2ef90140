import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AdoptionList, API_ROOT, ClusterParams, type AdoptionView } from '@meshdeck/contract'
import { ClusterCondition, isRecord, type Cluster, type KindId, type KubeResource } from '@meshdeck/kube'
import { KubeStatusError, readHelmRelease, type ResourceClient } from '@meshdeck/kube-client'
import { adoptReleases, adoptResources, type Adoption, type FoundRelease } from '@meshdeck/mesh'
import { ProblemError } from '../../../lib/problem.ts'
import { hubRecords } from './mesh-scope.ts'

const SAIL_KINDS = ['Istio', 'IstioCNI', 'ZTunnel'] as const

/** The Istios of a cluster that somebody else has installed, as the meshes that could take them over. Read as the caller. */
export const adoptionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/clusters/:cluster/adoptions`,
    { schema: { params: ClusterParams, response: { 200: AdoptionList } } },
    async (request) => {
      const { cluster: name } = request.params
      const cluster = (await hubRecords<Cluster>(request, 'Cluster')).find(({ metadata }) => metadata.name === name)
      if (cluster === undefined)
        throw new ProblemError('unknown-cluster', `There is no cluster ${name}`, { params: { cluster: name } })
      const client = await request.kube(name)
      const [releases, ...resources] = await Promise.all([
        listIf(client, 'Secret', { labelSelector: 'owner=helm,status!=superseded', keep: unpacked }),
        ...SAIL_KINDS.map((kind) => listIf(client, kind)),
      ])
      const detected = (namespace: string, revision: string): string | undefined =>
        cluster.status?.istio?.find((each) => each.namespace === namespace && each.revision === revision)?.version
      const objects = resources.flatMap(({ items }) => items)
      const sail = withVersion((version) => adoptResources(name, objects, version), detected)
      const found = newest(releases.items)
      // What the operator has installed are releases of its own, which it would write again.
      const helm =
        objects.length === 0 ? withVersion((version) => adoptReleases(name, found, version), detected) : undefined
      const unread = [releases, ...resources].flatMap(({ unread: kind }) => kind ?? [])
      return { items: [sail, helm].flatMap((each) => (each === undefined ? [] : [toView(each, cluster)])), unread }
    },
  )
}

/** The version that istiod's image has is known by its place, which is known when it was found. */
function withVersion(
  find: (version: string | undefined) => Adoption | undefined,
  detected: (namespace: string, revision: string) => string | undefined,
): Adoption | undefined {
  const first = find(undefined)
  return first && find(detected(first.namespace, first.revision))
}

function toView({ parts, obstacles, notes, ...rest }: Adoption, { status }: Cluster): AdoptionView {
  const helm = status?.conditions?.find(({ type }) => type === ClusterCondition.HelmReady)
  const needsHelm = rest.engine === 'Helm' && helm?.status !== 'True'
  return {
    ...rest,
    parts,
    obstacles: [...obstacles, ...(needsHelm ? (['noHelm'] as const) : [])],
    notes: [...notes, ...(parts.every(({ equal }) => equal) ? [] : (['notEqual'] as const))],
  }
}

interface Listed {
  items: KubeResource[]
  unread?: string
}

async function listIf(
  client: ResourceClient,
  kind: KindId,
  options: { labelSelector?: string; keep?: (object: KubeResource) => KubeResource } = {},
): Promise<Listed> {
  try {
    return { items: (await client.listAll(kind, options)).items }
  } catch (error) {
    if (!(error instanceof KubeStatusError)) throw error
    if (error.httpStatus === 404) return { items: [] }
    if (error.httpStatus === 403) return { items: [], unread: kind }
    throw error
  }
}

/** Only what is asked for of a release, which is large: its manifest and its chart stay behind. */
function unpacked(secret: KubeResource): KubeResource {
  const { apiVersion, kind, metadata } = secret
  return { apiVersion, kind, metadata, release: readHelmRelease(secret) }
}

/** Of each release its newest revision. */
function newest(secrets: readonly KubeResource[]): FoundRelease[] {
  const found = new Map<string, { revision: number; release: FoundRelease }>()
  for (const { metadata, release } of secrets) {
    if (!isRelease(release)) continue
    const key = `${release.namespace}/${release.name}`
    const revision = Number(metadata.labels?.['version'] ?? 0)
    if ((found.get(key)?.revision ?? -1) < revision) found.set(key, { revision, release })
  }
  return [...found.values()].map(({ release }) => release)
}

/** The boundary: `unpacked` has put it there. */
const isRelease = (value: unknown): value is FoundRelease => isRecord(value) && typeof value['chart'] === 'string'
