import { isRecord, MESH_LABEL, type KubeResource, type Mesh, type MeshMember } from '@meshdeck/kube'
import { KubeStatusError, messageOf, type ResourceClient } from '@meshdeck/kube-client'
import { INSTALL_STEPS, PRUNED_KINDS, renderMember, type InstallStep, type PlannedObject } from '@meshdeck/mesh'
import { getIfThere } from '../status/get-if-there.ts'
import { readinessOf, type Readiness } from './readiness.ts'

/** Owner of the fields of what is installed; what others write beside them stays. */
export const INSTALL_FIELD_MANAGER = 'meshdeck-controller'

/** How far a step has come in a cluster, in words for who waits for it. */
export interface StepResult extends Readiness {
  step: InstallStep
}

export interface MemberInstallation {
  /** Whether the cluster has the operator that installs Istio there. */
  engine: { ready: boolean; message: string }
  steps: StepResult[]
}

/**
 * Brings a cluster nearer to what a mesh wants there: applies all that is planned, deletes what Meshdeck has made for
 * the mesh and it no longer wants, and tells how far each step has come. What belongs to somebody else is left alone and
 * named. Can be broken off and repeated at any point.
 */
export async function installMember(
  client: ResourceClient,
  mesh: Mesh,
  member: MeshMember,
  signal: AbortSignal,
): Promise<MemberInstallation> {
  const { cluster } = member
  if (!(await hasOperator(client, signal))) {
    const message = `Cluster ${cluster} has no Sail Operator, which installs Istio: install it (helm install sail-operator), and this goes on by itself.`
    return { engine: { ready: false, message }, steps: [] }
  }
  const planned = renderMember(mesh, member)
  const steps: StepResult[] = []
  for (const step of INSTALL_STEPS) {
    const ofStep = planned.filter((each) => each.step === step)
    if (ofStep.length === 0) continue
    const result = await installStep(client, mesh, ofStep, signal)
    steps.push({ step, ...result })
    // What comes next needs what could not be written here.
    if (result.status === 'False') break
  }
  if (steps.every(({ status }) => status !== 'False')) await prune(client, mesh, planned, signal)
  return { engine: { ready: true, message: `The Sail Operator of cluster ${cluster} installs Istio.` }, steps }
}

/** Deletes what was installed; gives what is still there. Namespaces stay: other things may live in them. */
export async function uninstallMember(client: ResourceClient, mesh: Mesh, signal: AbortSignal): Promise<string[]> {
  const left: string[] = []
  for (const kind of PRUNED_KINDS) {
    for (const object of await ownObjects(client, mesh, kind, signal)) {
      left.push(`${kind} ${object.metadata.name}`)
      if (object.metadata.deletionTimestamp === undefined) await remove(client, kind, object, signal)
    }
  }
  return left
}

async function installStep(
  client: ResourceClient,
  mesh: Mesh,
  planned: readonly PlannedObject[],
  signal: AbortSignal,
): Promise<Readiness> {
  const found: Readiness[] = []
  for (const { kind, object } of planned) {
    const what = `${kind} ${object.metadata.name}`
    const there = await getIfThere(client, kind, object.metadata.name, signal)
    const owner = there?.metadata.labels?.[MESH_LABEL]
    if (there !== undefined && kind !== 'Namespace' && owner !== mesh.metadata.name) {
      const whose = owner === undefined ? 'was not made by Meshdeck' : `belongs to mesh ${owner}`
      const message = `${what} is there already and ${whose}. Attach it as an external mesh, or remove it first.`
      return { status: 'False', reason: 'BelongsToAnother', message }
    }
    if (there !== undefined && kind === 'Namespace' && owner !== undefined && owner !== mesh.metadata.name) {
      const message = `Namespace ${object.metadata.name} belongs to mesh ${owner}; choose another in spec.controlPlane.namespace.`
      return { status: 'False', reason: 'BelongsToAnother', message }
    }
    if (there?.metadata.deletionTimestamp !== undefined) {
      found.push({
        status: 'Unknown',
        reason: 'Deleting',
        message: `${what} is being deleted; it is made again after that.`,
      })
      continue
    }
    try {
      const applied = await client.apply(kind, object, { fieldManager: INSTALL_FIELD_MANAGER, signal })
      found.push(readinessOf(kind, applied.resource))
    } catch (error) {
      const refusal = refusalOf(what, error)
      if (refusal === undefined) throw error
      return refusal
    }
  }
  return (
    found.find(({ status }) => status === 'False') ?? found.find(({ status }) => status !== 'True') ?? lastOf(found)
  )
}

const lastOf = (found: readonly Readiness[]): Readiness =>
  found.at(-1) ?? { status: 'True', reason: 'Ready', message: 'There is nothing to do.' }

/** What the cluster said to a write, with what to do; nothing for what is no matter of the object. */
function refusalOf(what: string, error: unknown): Readiness | undefined {
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

async function hasOperator(client: ResourceClient, signal: AbortSignal): Promise<boolean> {
  try {
    await client.list('Istio', { limit: 1, signal })
    return true
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return false
    throw error
  }
}

async function prune(
  client: ResourceClient,
  mesh: Mesh,
  planned: readonly PlannedObject[],
  signal: AbortSignal,
): Promise<void> {
  for (const kind of PRUNED_KINDS) {
    const wanted = new Set(planned.flatMap((each) => (each.kind === kind ? [each.object.metadata.name] : [])))
    for (const object of await ownObjects(client, mesh, kind, signal)) {
      if (!wanted.has(object.metadata.name) && object.metadata.deletionTimestamp === undefined)
        await remove(client, kind, object, signal)
    }
  }
}

async function ownObjects(
  client: ResourceClient,
  mesh: Mesh,
  kind: PlannedObject['kind'],
  signal: AbortSignal,
): Promise<KubeResource[]> {
  try {
    const labelSelector = `${MESH_LABEL}=${mesh.metadata.name}`
    return (await client.listAll(kind, { labelSelector, signal })).items.filter((item) => isRecord(item))
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return []
    throw error
  }
}

async function remove(
  client: ResourceClient,
  kind: PlannedObject['kind'],
  { metadata }: KubeResource,
  signal: AbortSignal,
): Promise<void> {
  const preconditions = metadata.uid === undefined ? {} : { preconditions: { uid: metadata.uid } }
  try {
    await client.delete(kind, { name: metadata.name }, { propagationPolicy: 'Foreground', signal, ...preconditions })
  } catch (error) {
    // Gone meanwhile, or made anew by somebody else.
    if (!(error instanceof KubeStatusError) || ![404, 409].includes(error.httpStatus)) throw error
  }
}
