/** What people did to a fleet before anybody looks at it, as its clusters and Meshdeck's history tell of it. */
import { createHash } from 'node:crypto'
import { findKind, MESHDECK_NAMESPACE, printResourceRef } from '@meshdeck/kube'
import type { Cluster } from '../api/cluster.ts'
import { timestamp } from '../api/metadata.ts'
import { updateObject } from '../api/update-object.ts'
import { SYSTEM_WRITE } from '../api/write-options.ts'
import type { FleetCluster, PastChange } from '../fleets/fleet.ts'
import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'

/** How long ago a fleet with a past was made: what it began with is nobody's change. */
export const FLEET_AGE_MS = 3 * 86_400_000
/** And since when Meshdeck has kept its history. */
export const HISTORY_AGE_MS = 2 * 86_400_000

/** The objects that a cluster begins with: those that somebody changed later as they were before. */
export function firstObjects({ objects, past = [] }: FleetCluster): readonly KubeObject[] {
  return objects.map((object) => past.find(({ before }) => isSame(before, object))?.before ?? object)
}

/** The first entry of an object's history, on the hub, as the controller keeps it. The next ones are the controller's own to make. */
export function keepFirstEntry(hub: Cluster, cluster: Cluster, { before }: PastChange): void {
  const object = storedObject(cluster, before)
  const { name, namespace, uid } = object.metadata
  const at = timestamp(hub.clock.now())
  const { apiVersion, kind, spec } = before
  const id = findKind(kind)?.id
  if (id === undefined || namespace === undefined) throw new Error(`${kind} ${name} is nothing that Meshdeck records`)
  const state = { apiVersion, kind, metadata: { name, namespace }, spec }
  if (hub.get('namespaces', undefined, MESHDECK_NAMESPACE) === undefined)
    hub.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } })
  hub.create('apps/controllerrevisions', {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `history-${digest(printResourceRef({ cluster: cluster.name, kind: id, namespace, name }))}-1`,
      namespace: MESHDECK_NAMESPACE,
      labels: { 'meshdeck.io/history': 'record' },
    },
    revision: 1,
    data: {
      cluster: cluster.name,
      kind,
      namespace,
      name,
      operation: 'baseline',
      at,
      noticedAt: at,
      late: false,
      author: { tool: 'unknown' },
      fields: [],
      fieldCount: 0,
      digest: digest(state),
      uid,
      object: state,
    },
  })
}

/** Writes an object as it is in the fleet, in the name of who changed it. */
export function makeChange(cluster: Cluster, { objects }: FleetCluster, { before, manager }: PastChange): void {
  const after = objects.find((object) => isSame(before, object))
  if (after === undefined)
    throw new Error(`${cluster.name}: ${before.kind} ${before.metadata.name} is not in the fleet`)
  const stored = storedObject(cluster, before)
  updateObject(
    cluster,
    typeOf(cluster, before),
    stored,
    { ...stored, ...after, metadata: { ...stored.metadata, ...after.metadata } },
    { ...SYSTEM_WRITE, fieldManager: manager },
  )
}

function storedObject(cluster: Cluster, { kind, metadata, ...object }: KubeObject): KubeObject {
  const { group, plural } = typeOf(cluster, { kind, metadata, ...object })
  const found = cluster.get(resourceKey(group, plural), metadata.namespace, metadata.name)
  if (found === undefined) throw new Error(`${cluster.name}: there is no ${kind} ${metadata.name}`)
  return found
}

function typeOf(cluster: Cluster, { apiVersion, kind }: KubeObject): ReturnType<Cluster['storageType']> {
  const slash = apiVersion.lastIndexOf('/')
  const type = cluster.types.byKind(slash < 0 ? '' : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind)
  if (type === undefined) throw new Error(`${cluster.name}: no kind ${kind} in ${apiVersion}`)
  return type
}

const isSame = (one: KubeObject, other: KubeObject): boolean =>
  one.kind === other.kind &&
  one.metadata.name === other.metadata.name &&
  one.metadata.namespace === other.metadata.namespace

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
