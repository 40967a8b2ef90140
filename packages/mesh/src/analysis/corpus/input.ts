import { findKindOfObject, KINDS, type KindId, type KubeResource } from '@meshdeck/kube'
import { DEFAULT_FACTS, type AnalysisInput, type ClusterInventory } from '../world.ts'
import type { CorpusCase } from './cases.ts'
import { BASE } from './objects.ts'

/** A cluster that holds these objects, all of which are seen. */
export function inventoryOf(cluster: string, objects: readonly KubeResource[]): ClusterInventory {
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }): KindId => {
    const found = findKindOfObject(apiVersion, kind)
    if (found === undefined) throw new Error(`no kind ${apiVersion} ${kind}`)
    return found.id
  })
  return { cluster, objects: byKind, complete: new Set(KINDS.map(({ id }) => id)) }
}

/** The base with what a case adds; an object of the same name takes the place of the base's. */
export function objectsOf({ objects }: Pick<CorpusCase, 'objects'>): KubeResource[] {
  const keyOf = ({ kind, metadata }: KubeResource): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`
  const own = new Set(objects.map(keyOf))
  return [...BASE.filter((object) => !own.has(keyOf(object))), ...objects]
}

export function inputOf(one: Pick<CorpusCase, 'objects' | 'facts' | 'member' | 'credentials'>): AnalysisInput {
  return {
    config: inventoryOf('east', objectsOf(one)),
    members: one.member === undefined ? [] : [inventoryOf('west', one.member)],
    ...(one.credentials === undefined ? {} : { credentials: new Map(Object.entries(one.credentials)) }),
    facts: { ...DEFAULT_FACTS, ...one.facts },
  }
}
