import type { ClusterFailure } from '@meshdeck/contract'
import { meshClusters, type KindId, type KubeResource, type Mesh } from '@meshdeck/kube'
import { KubeStatusError } from '@meshdeck/kube-client'
import {
  ANALYZED_KINDS,
  createAnalyzer,
  DEFAULT_FACTS,
  credentialNames,
  type AnalysisInput,
  type Analyzer,
  type ClusterInventory,
  type CredentialFacts,
  type Finding,
} from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { configMapOf, meshFacts } from '../../../lib/analysis/mesh-facts.ts'
import { credentialFacts } from '../../../lib/analysis/credential-facts.ts'
import { mapBounded } from '../../../lib/bounded.ts'
import { createExpiringCache } from '../../../lib/expiring-cache.ts'
import type { Readable } from '../../../lib/readable.ts'
import { callerKey } from '../../../lib/identity.ts'
import { readAll } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'

/** Analyzers remember their last run, which holds on to what it read. */
const MAX_ANALYZERS = 50
/** Settings of a mesh and its certificates are read live, as the caller, and seldom change. */
const LIVE_TTL_MS = 30_000
const MAX_LIVE = 2_000
const MAX_CREDENTIALS = 500
const PARALLEL_READS = 8

/** What was found in a mesh, as one caller sees it. */
export interface MeshAnalysis {
  findings: readonly Finding[]
  /** Kinds of which the caller does not see everything. */
  hidden: readonly KindId[]
  failures: readonly ClusterFailure[]
  /** By the cluster whose configuration it has analysed; of clusters without an istiod there is none. */
  analyzers: ReadonlyMap<string, Analyzer>
}

/** Analyses meshes for whoever asks; each process has one. */
export function createMeshAnalyses() {
  const analyzers = new Map<string, Analyzer>()
  const live = createExpiringCache<KubeResource | 'missing' | 'unknown'>({ ttlMs: LIVE_TTL_MS, maxEntries: MAX_LIVE })

  return async function analyze(request: FastifyRequest, mesh: Mesh): Promise<MeshAnalysis> {
    const clusters = meshClusters(mesh)
    const read = await Promise.all(
      ANALYZED_KINDS.map(async (kind) => ({ kind, readables: await readAll(request, clusters, kind) })),
    )
    const inventories = clusters.map((cluster) => inventoryOf(cluster, mesh, read))
    // In a mesh of several primaries each reads its own configuration.
    const configured = inventories.filter(({ ownControlPlane }) => ownControlPlane)
    const found = await Promise.all(
      configured.map(async (config) => {
        const members = inventories.filter((each) => each !== config)
        const input = await withLive(request, mesh, { config, members, facts: DEFAULT_FACTS })
        const analyzer = analyzerFor(`${mesh.metadata.name} ${config.cluster} ${callerKey(request.caller)}`)
        return { cluster: config.cluster, analyzer, findings: analyzer.analyze(input) }
      }),
    )
    return {
      findings: found.flatMap(({ findings }) => findings),
      hidden: read.filter(({ readables }) => readables.some((each) => !each.complete)).map(({ kind }) => kind),
      failures: onePerCluster(read.flatMap(({ readables }) => readables.flatMap(({ failure }) => failure ?? []))),
      analyzers: new Map(found.map(({ cluster, analyzer }) => [cluster, analyzer])),
    }
  }

  /** Adds what is not watched: the mesh's settings and the certificates that gateways serve. */
  async function withLive(request: FastifyRequest, mesh: Mesh, input: AnalysisInput): Promise<AnalysisInput> {
    const { cluster } = input.config
    const readCached = (kind: KindId, namespace: string, name: string) =>
      live.get(`${callerKey(request.caller)} ${cluster} ${kind} ${namespace}/${name}`, () =>
        readLive(request, cluster, kind, namespace, name),
      )
    const { namespace, name } = configMapOf(mesh)
    const [configMap, webhooks] = await Promise.all([
      readCached('ConfigMap', namespace, name),
      request.injectors(cluster).catch(() => undefined),
    ])
    const credentials = await mapBounded(
      credentialNames(input).slice(0, MAX_CREDENTIALS),
      PARALLEL_READS,
      async (each): Promise<[string, CredentialFacts]> => {
        const secret = await readCached('Secret', each.namespace, each.name)
        const facts =
          secret === 'missing'
            ? { exists: false }
            : secret === 'unknown'
              ? { exists: undefined }
              : credentialFacts(secret, new Date())
        return [`${each.namespace}/${each.name}`, facts]
      },
    )
    return {
      ...input,
      facts: meshFacts(mesh, typeof configMap === 'string' ? undefined : configMap, webhooks),
      credentials: new Map(credentials),
    }
  }

  function analyzerFor(key: string): Analyzer {
    const analyzer = analyzers.get(key) ?? createAnalyzer()
    // Set anew, so that the order of the map is the order of asking.
    analyzers.delete(key)
    analyzers.set(key, analyzer)
    const oldest = analyzers.keys().next()
    if (analyzers.size > MAX_ANALYZERS && !oldest.done) analyzers.delete(oldest.value)
    return analyzer
  }
}

/** What was read of one cluster. The one that the mesh names always counts as configured. */
function inventoryOf(
  cluster: string,
  mesh: Mesh,
  read: readonly { kind: KindId; readables: readonly Readable[] }[],
): ClusterInventory {
  const own = read.flatMap(({ kind, readables }) =>
    readables.filter((each) => each.cluster === cluster).map((readable) => ({ kind, readable })),
  )
  const objects = new Map(own.map(({ kind, readable }) => [kind, readable.objects]))
  return {
    cluster,
    objects,
    complete: new Set(own.filter(({ readable }) => readable.complete).map(({ kind }) => kind)),
    ownControlPlane:
      cluster === mesh.spec.controlPlane.cluster ||
      (objects.get('Deployment') ?? []).some(({ metadata }) => metadata.labels?.['app'] === 'istiod'),
  }
}

/** One object as the caller may read it. `unknown`: it may not, or the cluster does not answer. */
async function readLive(
  request: FastifyRequest,
  cluster: string,
  kind: KindId,
  namespace: string,
  name: string,
): Promise<KubeResource | 'missing' | 'unknown'> {
  try {
    return await (await request.kube(cluster)).get(kind, { namespace, name })
  } catch (error) {
    return error instanceof KubeStatusError && error.httpStatus === 404 ? 'missing' : 'unknown'
  }
}
