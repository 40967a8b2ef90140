import type { ClusterFailure } from '@meshdeck/contract'
import { meshClusters, type KindId, type KubeResource, type Mesh } from '@meshdeck/kube'
import { KubeStatusError } from '@meshdeck/kube-client'
import {
  ANALYZED_KINDS,
  credentialNames,
  DEFAULT_FACTS,
  type AnalysisInput,
  type ClusterInventory,
  type CredentialFacts,
} from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { credentialFacts } from '../../../lib/analysis/credential-facts.ts'
import { configMapOf, meshFacts } from '../../../lib/analysis/mesh-facts.ts'
import { mapBounded } from '../../../lib/bounded.ts'
import { createExpiringCache } from '../../../lib/expiring-cache.ts'
import { callerKey } from '../../../lib/identity.ts'
import type { Readable } from '../../../lib/readable.ts'
import { onePerCluster } from './meshes.ts'
import { readAll } from './mesh-scope.ts'

/** Settings of a mesh and its certificates are read live, as the caller, and seldom change. */
const LIVE_TTL_MS = 30_000
const MAX_LIVE = 2_000
const MAX_CREDENTIALS = 500
const PARALLEL_READS = 8

/** A mesh's configuration and what it is about, as far as one caller sees them. */
export interface MeshInputs {
  /** One for each cluster whose istiod reads its own configuration; that of the mesh first. */
  inputs: readonly AnalysisInput[]
  /** Kinds of which the caller does not see everything. */
  hidden: readonly KindId[]
  failures: readonly ClusterFailure[]
}

/** Some kinds of a mesh as far as one caller sees them, cluster by cluster. */
export async function inventoriesOf(
  request: FastifyRequest,
  mesh: Mesh,
  kinds: readonly KindId[],
): Promise<{
  inventories: readonly ClusterInventory[]
  /** Those whose istiod reads their own configuration; that of the mesh first. */
  configured: readonly ClusterInventory[]
  hidden: readonly KindId[]
  failures: readonly ClusterFailure[]
}> {
  const clusters = meshClusters(mesh)
  const read = await Promise.all(
    kinds.map(async (kind) => ({ kind, readables: await readAll(request, clusters, kind) })),
  )
  const inventories = clusters.map((cluster) => inventoryOf(cluster, mesh, read))
  const isOwn = ({ cluster }: ClusterInventory): number => Number(cluster === mesh.spec.controlPlane.cluster)
  return {
    inventories,
    // In a mesh of several primaries each reads its own configuration.
    configured: inventories.filter(({ ownControlPlane }) => ownControlPlane).toSorted((a, b) => isOwn(b) - isOwn(a)),
    hidden: read.filter(({ readables }) => readables.some((each) => !each.complete)).map(({ kind }) => kind),
    failures: onePerCluster(read.flatMap(({ readables }) => readables.flatMap(({ failure }) => failure ?? []))),
  }
}

/** Reads what reasoning about a mesh is built on, for whoever asks; each process has one. */
export function createMeshInputs() {
  const settings = createExpiringCache<LiveObject>({ ttlMs: LIVE_TTL_MS, maxEntries: MAX_LIVE })
  // What is kept of a Secret is whether it can be used: its key is let go of at once.
  const credentials = createExpiringCache<CredentialFacts>({ ttlMs: LIVE_TTL_MS, maxEntries: MAX_LIVE })

  return async function inputsOf(request: FastifyRequest, mesh: Mesh): Promise<MeshInputs> {
    const { configured, hidden, failures, inventories } = await inventoriesOf(request, mesh, ANALYZED_KINDS)
    const inputs = await Promise.all(
      configured.map((config) => {
        const members = inventories.filter((each) => each !== config)
        return withLive(request, mesh, { config, members, facts: DEFAULT_FACTS })
      }),
    )
    return {
      inputs,
      hidden,
      failures,
    }
  }

  /** Adds what is not watched: the mesh's settings and the certificates that gateways serve. */
  async function withLive(request: FastifyRequest, mesh: Mesh, input: AnalysisInput): Promise<AnalysisInput> {
    const { cluster } = input.config
    const keyOf = (kind: KindId, { namespace, name }: { namespace: string; name: string }): string =>
      `${callerKey(request.caller)} ${cluster} ${kind} ${namespace}/${name}`
    const map = configMapOf(mesh)
    const [configMap, webhooks] = await Promise.all([
      settings.get(keyOf('ConfigMap', map), () => readLive(request, cluster, 'ConfigMap', map)),
      request.injectors(cluster).catch(() => undefined),
    ])
    const named = await mapBounded(
      credentialNames(input).slice(0, MAX_CREDENTIALS),
      PARALLEL_READS,
      async (ref): Promise<[string, CredentialFacts]> => [
        `${ref.namespace}/${ref.name}`,
        await credentials.get(keyOf('Secret', ref), async () =>
          factsOf(await readLive(request, cluster, 'Secret', ref)),
        ),
      ],
    )
    return {
      ...input,
      facts: meshFacts(mesh, typeof configMap === 'string' ? undefined : configMap, webhooks),
      credentials: new Map(named),
    }
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

type LiveObject = KubeResource | 'missing' | 'unknown'

function factsOf(secret: LiveObject): CredentialFacts {
  if (secret === 'missing') return { exists: false }
  return secret === 'unknown' ? { exists: undefined } : credentialFacts(secret, new Date())
}

/** One object as the caller may read it. `unknown`: it may not, or the cluster does not answer. */
async function readLive(
  request: FastifyRequest,
  cluster: string,
  kind: KindId,
  ref: { namespace: string; name: string },
): Promise<LiveObject> {
  try {
    return await (await request.kube(cluster)).get(kind, ref)
  } catch (error) {
    return error instanceof KubeStatusError && error.httpStatus === 404 ? 'missing' : 'unknown'
  }
}
