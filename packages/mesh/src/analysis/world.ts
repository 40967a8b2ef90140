import type { KindId, KubeResource } from '@meshdeck/kube'

/** What is known of a mesh beside its objects. What is `undefined` could not be read, and no rule builds on it. */
export interface MeshFacts {
  rootNamespace: string
  trustDomains: readonly string[]
  /** Whether clients choose mutual TLS by themselves, which is Istio's default. */
  autoMtls: boolean
  /** Names in `meshConfig.extensionProviders`. */
  providers: readonly string[] | undefined
  /** The service behind a provider, by its name, as the settings write it: `namespace/host` or a host. */
  providerServices?: Readonly<Record<string, string>>
  /** Whether access logs go somewhere without a Telemetry that says so. */
  hasDefaultLogging: boolean | undefined
  /** Whether istiod gives addresses to service entries that have none. */
  allocatesAddresses: boolean
  /** Whether namespaces without labels are injected. */
  injectsByDefault: boolean | undefined
  /** What becomes of calls to hosts that nobody has declared (`meshConfig.outboundTrafficPolicy`). */
  outbound?: 'ALLOW_ANY' | 'REGISTRY_ONLY'
}

export const DEFAULT_FACTS: MeshFacts = {
  rootNamespace: 'istio-system',
  trustDomains: ['cluster.local'],
  autoMtls: true,
  providers: undefined,
  hasDefaultLogging: undefined,
  allocatesAddresses: false,
  injectsByDefault: undefined,
}

/** What one cluster holds, as far as it is seen. */
export interface ClusterInventory {
  cluster: string
  objects: ReadonlyMap<KindId, readonly KubeResource[]>
  /** Kinds of which nothing is hidden: only of these it can be said that something is not there. */
  complete: ReadonlySet<KindId>
  /** Whether an istiod of its own reads its configuration. */
  ownControlPlane?: boolean
}

/** A TLS Secret that configuration names, without its key. `undefined` parts could not be read. */
export interface CredentialFacts {
  exists: boolean | undefined
  /** In words, why the certificate in it cannot be used. */
  fault?: string
}

export interface AnalysisInput {
  /** The cluster whose configuration istiod reads, with all of its objects. */
  config: ClusterInventory
  /** Further clusters of the mesh: their services and pods count, their configuration is their own istiod's matter. */
  members: readonly ClusterInventory[]
  facts: MeshFacts
  /** By `namespace/name`. */
  credentials?: ReadonlyMap<string, CredentialFacts>
}

/** What rules see. What they derive is kept until a kind that it was derived from changes. */
export interface World {
  cluster: string
  input: AnalysisInput
  facts: MeshFacts
  /** Objects of the configuring cluster. */
  all(kind: KindId): readonly KubeResource[]
  /** Objects of a kind in all clusters, with the cluster of each. */
  everywhere(kind: KindId): readonly { cluster: string; object: KubeResource }[]
  /** Whether all there is of a kind is seen, in all clusters. */
  sees(...kinds: KindId[]): boolean
  /** A look-up made of some kinds, made once. */
  derive<T>(name: string, reads: readonly KindId[], make: () => T): T
}

const NONE: readonly KubeResource[] = []

/** A world over an input. `kept` holds look-ups of an older one, as far as what they read is the same. */
export function createWorld(input: AnalysisInput, kept: Map<string, unknown> = new Map()): World {
  const clusters = [input.config, ...input.members]
  const all = (kind: KindId): readonly KubeResource[] => input.config.objects.get(kind) ?? NONE
  return {
    cluster: input.config.cluster,
    input,
    facts: input.facts,
    all,
    everywhere: (kind) =>
      clusters.flatMap(({ cluster, objects }) => (objects.get(kind) ?? NONE).map((object) => ({ cluster, object }))),
    sees: (...kinds) => clusters.every(({ complete }) => kinds.every((kind) => complete.has(kind))),
    derive: <T>(name: string, reads: readonly KindId[], make: () => T): T => {
      const key = `${name}|${reads.join(',')}`
      if (!kept.has(key)) kept.set(key, make())
      // The boundary of the store: a name is always given the same maker.
      return kept.get(key) as T
    },
  }
}

/** Kinds that a kept look-up was made of. */
export const readsOf = (key: string): string[] => key.slice(key.lastIndexOf('|') + 1).split(',')
