import type { KindId, KubeResource } from '@meshdeck/kube'
import { KubeStatusError } from './errors.ts'
import { createReflector, type Reflector, type ReflectorEvent } from './reflector.ts'
import type { ObjectRef, ResourceClient } from './resource-client.ts'

/** Kinds on the hub that credentials are read from. */
export type SourceKind = Extract<KindId, 'Secret' | 'ClusterProfile' | 'KpandaCluster'>

export interface SourceFollowerOptions {
  hub: ResourceClient
  /** Ends questions that the hub does not answer. */
  signal: AbortSignal
  /** An object that was read for this cluster has changed, has come or is gone. */
  onChange: (cluster: string) => void
}

/**
 * Reads the objects that credentials come from, and follows them. One watch of
 * metadata serves a namespace. Where Meshdeck may get
 * them but not list them it hears of no change; a credential that is refused is read again all the same.
 */
export interface SourceFollower {
  /** The object as it is; `undefined` when there is none, and then its coming is told. Throws what the hub throws else. */
  read(cluster: string, kind: SourceKind, ref: ObjectRef): Promise<KubeResource | undefined>
  /** Tells no more of what was read for this cluster. */
  forget(cluster: string): void
  close(): Promise<void>
}

interface Source {
  /** The version that was read; absent when there was no such object. */
  version?: string | undefined
  /** While it is being read: the versions that the watch told of meanwhile. */
  heard?: (string | undefined)[]
}

/** Starts no watch before something is read. */
export function createSourceFollower({ hub, signal, onChange }: SourceFollowerOptions): SourceFollower {
  const reflectors = new Map<string, Reflector>()
  const followed = new Map<string, Map<string, Source>>()

  /** Said once: whoever wants to know more reads it again, and follows what that finds. */
  function tell(cluster: string): void {
    followed.delete(cluster)
    onChange(cluster)
  }

  function handleEvent(kind: SourceKind, { type, object }: ReflectorEvent): void {
    const version = type === 'deleted' ? undefined : object.metadata.resourceVersion
    for (const [cluster, sources] of followed) {
      const source = sources.get(keyOf(kind, object.metadata))
      if (source?.heard) source.heard.push(version)
      else if (source && source.version !== version) tell(cluster)
    }
  }

  function watch(kind: SourceKind, namespace: string | undefined): void {
    const scope = `${kind}/${namespace ?? ''}`
    if (reflectors.has(scope) || signal.aborted) return
    const onEvent = (event: ReflectorEvent): void => handleEvent(kind, event)
    reflectors.set(
      scope,
      createReflector({
        client: hub,
        kind,
        ...(namespace === undefined ? {} : { namespace }),
        metadataOnly: true,
        onEvent,
      }),
    )
  }

  return {
    async read(cluster, kind, ref) {
      const sources = followed.get(cluster) ?? new Map<string, Source>()
      const source: Source = { heard: [] }
      followed.set(cluster, sources.set(keyOf(kind, ref), source))
      const object = await hub.get(kind, ref, { signal }).catch((error: unknown) => {
        if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
        throw error
      })
      source.version = object?.metadata.resourceVersion
      const heard = source.heard ?? []
      delete source.heard
      watch(kind, ref.namespace)
      if (heard.length > 0 && heard.at(-1) !== source.version && followed.get(cluster) === sources) tell(cluster)
      return object
    },
    forget: (cluster) => void followed.delete(cluster),
    close: async () => {
      await Promise.all([...reflectors.values()].map((reflector) => reflector.stop()))
    },
  }
}

const keyOf = (
  kind: SourceKind,
  { namespace = '', name }: Pick<KubeResource['metadata'], 'namespace' | 'name'>,
): string => `${kind}/${namespace}/${name}`
