import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CandidateList,
  credentialPaths,
  JoinCandidates,
  JoinedCandidates,
  type ClusterCandidate,
} from '@meshdeck/contract'
import { HUB, isRecord, MESHDECK_API_VERSION, readPath, type Cluster, type KubeResource } from '@meshdeck/kube'
import { findProfileSecret, KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import { problemOfError } from '../../../lib/problem-of-error.ts'
import { pick } from '../../../lib/views/clusters.ts'
import { hubRecords } from './mesh-scope.ts'

const SOURCES = ['ClusterProfile', 'KpandaCluster'] as const
type Source = (typeof SOURCES)[number]

/** Clusters that others on the hub know: ClusterProfiles, and the clusters of the container platform. */
export const clusterCandidateRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(credentialPaths.candidates, { schema: { response: { 200: CandidateList } } }, async (request) => {
    const hub = await request.kube(HUB)
    const known = await hubRecords<Cluster>(request, 'Cluster')
    const joinedAs = (source: Source, ref: string): string | undefined =>
      known.find(({ spec }) => accessOf(source, ref, spec.access))?.metadata.name
    const lists = await Promise.all(SOURCES.map((source) => listSource(hub, source)))
    return {
      sources: lists.map(({ source, state }) => ({ source, state })),
      items: lists.flatMap(({ source, items }) =>
        items.map((item) => ({ ...item, ...pick({ joinedAs: joinedAs(source, item.ref) }) })),
      ),
    }
  })

  app.post(
    credentialPaths.candidates,
    { schema: { body: JoinCandidates, response: { 200: JoinedCandidates } } },
    async (request) => {
      const hub = await request.kube(HUB)
      const results = []
      for (const { source, ref, name } of request.body.items) {
        try {
          // Who may not see it has no business joining by it.
          await hub.get(source, refOf(source, ref))
          const access = source === 'ClusterProfile' ? { clusterProfile: ref } : { kpandaCluster: ref }
          const metadata = { name }
          await hub.create('Cluster', { apiVersion: MESHDECK_API_VERSION, kind: 'Cluster', metadata, spec: { access } })
          results.push({ name })
        } catch (error) {
          results.push({ name, problem: problemOfError(error, HUB) })
        }
      }
      return { results }
    },
  )
}

async function listSource(hub: ResourceClient, source: Source) {
  try {
    const { items } = await hub.listAll(source)
    const candidates = await Promise.all(
      items.map((item) => (source === 'ClusterProfile' ? fromProfile(hub, item) : fromPlatform(item))),
    )
    return { source, state: 'listed' as const, items: candidates }
  } catch (error) {
    if (!(error instanceof KubeStatusError) || (error.httpStatus !== 404 && error.httpStatus !== 403)) throw error
    return { source, state: error.httpStatus === 404 ? ('absent' as const) : ('forbidden' as const), items: [] }
  }
}

async function fromProfile(hub: ResourceClient, profile: KubeResource): Promise<ClusterCandidate> {
  const { name, namespace = '' } = profile.metadata
  const providers = [readPath(profile, 'status.accessProviders'), readPath(profile, 'status.credentialProviders')]
  const hasPlugin = providers.some((list) => Array.isArray(list) && list.length > 0)
  const missing = hasPlugin ? ('plugin' as const) : ('no-secret' as const)
  return {
    source: 'ClusterProfile',
    ref: `${namespace}/${name}`,
    ...pick({
      displayName: text(profile, 'spec.displayName'),
      version: text(profile, 'status.version.kubernetes'),
      obstacle: (await hasSecret(hub, { namespace, name })) ? undefined : missing,
    }),
  }
}

/** Whether a Secret holds its kubeconfig; who may not look is not told that there is none. */
async function hasSecret(hub: ResourceClient, profile: { namespace: string; name: string }): Promise<boolean> {
  try {
    return (await findProfileSecret(hub, profile)) !== undefined
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 403) return true
    throw error
  }
}

function fromPlatform(cluster: KubeResource): ClusterCandidate {
  const secretRef = readPath(cluster, 'spec.secretRef')
  return {
    source: 'KpandaCluster',
    ref: cluster.metadata.name,
    ...pick({
      displayName: text(cluster, 'spec.aliasName'),
      version: text(cluster, 'status.kubernetesVersion'),
      obstacle: isRecord(secretRef) && text(cluster, 'spec.secretRef.name') ? undefined : ('no-secret' as const),
    }),
  }
}

const text = (object: KubeResource, path: string): string | undefined => {
  const value = readPath(object, path)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function refOf(source: Source, ref: string): { namespace?: string; name: string } {
  const [namespace = '', name = ''] = ref.split('/')
  return source === 'ClusterProfile' ? { namespace, name } : { name: ref }
}

const accessOf = (source: Source, ref: string, access: Cluster['spec']['access']): boolean =>
  (source === 'ClusterProfile' ? access.clusterProfile : access.kpandaCluster) === ref
