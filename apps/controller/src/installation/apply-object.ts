import { isRecord, MESH_LABEL, readPath, type KubeResource, type Mesh } from '@meshdeck/kube'
import { KubeStatusError, messageOf, type ResourceClient } from '@meshdeck/kube-client'
import type { PlannedObject } from '@meshdeck/mesh'
import { getIfThere } from '../status/get-if-there.ts'
import { shortHash } from '../status/short-hash.ts'
import { readinessOf, type Readiness } from './readiness.ts'
import { INSTALL_FIELD_MANAGER } from './site.ts'

/** What was applied last, so that nothing is written at rest and a field that is no longer wanted is still taken back. */
const APPLIED_ANNOTATION = 'meshdeck.io/applied'

/**
 * Makes an object what the mesh wants, and tells how far it is. What belongs to somebody else is left alone and named;
 * fields that others own are never taken.
 */
export async function applyObject(
  client: ResourceClient,
  mesh: Mesh,
  { kind, object }: PlannedObject,
  signal: AbortSignal,
): Promise<Readiness> {
  const what = `${kind} ${object.metadata.name}`
  try {
    const there = await getIfThere(client, kind, object.metadata, signal)
    if (there !== undefined) {
      const isTaken = isAdopted(mesh, kind, object) && there.metadata.labels?.[MESH_LABEL] === undefined
      const foreign = isTaken ? undefined : foreignOwner(mesh, kind, what, there)
      if (foreign !== undefined) return foreign
      if (there.metadata.deletionTimestamp !== undefined) {
        return {
          status: 'Unknown',
          reason: 'Deleting',
          message: `${what} is being deleted; it is made again after that.`,
        }
      }
    }
    const wanted = withHash(object)
    if (there !== undefined && isApplied(there, wanted)) return readinessOf(kind, there)
    // Who has consented to the taking over has consented for the fields of the one before, too.
    const force = isAdopted(mesh, kind, object)
    const options = { fieldManager: INSTALL_FIELD_MANAGER, ...(force ? { force } : {}), signal }
    const applied = await client.apply(kind, wanted, options)
    const surplus = force ? surplusOf(valuesIn(applied.resource), valuesIn(wanted)) : undefined
    if (surplus === undefined) return readinessOf(kind, applied.resource)
    // The one before still owns what it wrote, so that applying without it takes nothing away.
    const patched = await client.patch(
      kind,
      object.metadata,
      { spec: { values: surplus } },
      { strategy: 'merge', signal },
    )
    return readinessOf(kind, patched.resource)
  } catch (error) {
    const refusal = refusalOf(what, error)
    if (refusal === undefined) throw error
    return refusal
  }
}

/** Whether the mesh says that it takes this object over. */
function isAdopted(mesh: Mesh, kind: string, { metadata }: KubeResource): boolean {
  return (mesh.spec.adopted?.resources ?? []).some((each) => each.kind === kind && each.name === metadata.name)
}

const valuesIn = (object: KubeResource): unknown => readPath(object, 'spec.values')

/** A merge patch that takes away what is there and not wanted; undefined when there is nothing of that. */
function surplusOf(there: unknown, wanted: unknown): Record<string, unknown> | undefined {
  if (!isRecord(there)) return undefined
  const more = Object.entries(there).flatMap(([name, value]): [string, unknown][] => {
    const other = isRecord(wanted) ? wanted[name] : undefined
    if (other === undefined) return [[name, null]]
    const inner = surplusOf(value, other)
    return inner === undefined ? [] : [[name, inner]]
  })
  return more.length === 0 ? undefined : Object.fromEntries(more)
}

function foreignOwner(mesh: Mesh, kind: string, what: string, there: KubeResource): Readiness | undefined {
  const owner = there.metadata.labels?.[MESH_LABEL]
  if (owner === mesh.metadata.name || (kind === 'Namespace' && owner === undefined)) return undefined
  const message =
    kind === 'Namespace'
      ? `Namespace ${there.metadata.name} belongs to mesh ${owner}; choose another in spec.controlPlane.namespace.`
      : `${what} is there already and ${owner === undefined ? 'was not made by Meshdeck' : `belongs to mesh ${owner}`}. Attach it as an external mesh, take it over, or remove it first.`
  return { status: 'False', reason: 'BelongsToAnother', message }
}

function withHash(object: KubeResource): KubeResource {
  const hash = shortHash(object)
  const annotations = { ...object.metadata.annotations, [APPLIED_ANNOTATION]: hash }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

function isApplied(there: KubeResource, wanted: KubeResource): boolean {
  return (
    there.metadata.annotations?.[APPLIED_ANNOTATION] === wanted.metadata.annotations?.[APPLIED_ANNOTATION] &&
    covers(there, wanted)
  )
}

/** Whether an object says all that is wanted; what the server and others have added is no difference. */
function covers(there: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(there) &&
      there.length === wanted.length &&
      wanted.every((item, index) => covers(there[index], item))
    )
  }
  if (!isRecord(wanted)) return there === wanted
  return isRecord(there) && Object.entries(wanted).every(([name, value]) => covers(there[name], value))
}

/** What the cluster said to a write, with what to do; nothing for what is no matter of the object. */
export function refusalOf(what: string, error: unknown): Readiness | undefined {
  if (!(error instanceof KubeStatusError)) return undefined
  switch (error.httpStatus) {
    case 403:
      return {
        status: 'False',
        reason: 'NotPermitted',
        message: `${what} may not be written: ${messageOf(error)}. Give the cluster's credential that right.`,
      }
    case 409:
      return {
        status: 'False',
        reason: 'FieldConflict',
        message: `${what} has fields that somebody else has set: ${messageOf(error)}. Take them out of spec.values, or there.`,
      }
    case 400:
    case 404:
    case 422:
      return { status: 'False', reason: 'Refused', message: `${what} was refused: ${messageOf(error)}.` }
    default:
      return undefined
  }
}
