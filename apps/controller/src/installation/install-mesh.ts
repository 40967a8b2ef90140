import { MeshMode, readPath, type Mesh } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import {
  EAST_WEST_GATEWAY,
  renderMember,
  systemNamespaceOf,
  type MemberAccess,
  type Place,
  type Planned,
  type Surroundings,
} from '@meshdeck/mesh'
import { AuthorityError } from '../trust/check-authority.ts'
import { keepAuthority, type KeptAuthority } from '../trust/keep-authority.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { installPlan, readerAccess, type StepResult } from './install-plan.ts'
import { addressOf } from './readiness.ts'
import { prune, uninstall } from './remove.ts'
import type { Site } from './site.ts'

/** What one look at a cluster of a mesh came to. */
export type PlaceResult = { place: Place } & (
  | { kind: 'installed'; message: string; steps: StepResult[] }
  /** There is nothing there that could install Istio. */
  | { kind: 'noEngine'; message: string }
  /** The cluster could not be asked; the last known conditions stay. */
  | { kind: 'unreachable'; message: string }
)

/** A cluster that is no longer of the mesh, and what is still to go there. */
export interface Leaving {
  cluster: string
  message: string
}

export interface Installation {
  places: PlaceResult[]
  leaving: Leaving[]
  trust?: KeptAuthority['trust']
  /** Why the mesh has no authority to sign with. */
  distrust?: string
}

export interface InstallContext {
  hub: ResourceClient
  /** Works in a cluster; says in words when it cannot be asked. */
  inCluster: <T>(
    cluster: string,
    work: (site: Site) => Promise<T>,
  ) => Promise<T | { kind: 'unreachable'; message: string }>
  /** Whether Helm is at hand, and what it says of itself. */
  helm: () => Promise<{ ready: boolean; message: string }>
}

/** What all parts of one look at a mesh share. */
interface Look {
  context: InstallContext
  mesh: Mesh
  places: readonly Place[]
  /** Of a running mesh what is no longer wanted went when the mesh became so. */
  prunes: boolean
  signal: AbortSignal
}

/**
 * Brings all clusters of a mesh nearer to what it wants: the control plane first, then the members beside each other,
 * then what istiod needs to see them; and takes away what was made in clusters that have `left`.
 */
export async function installMesh(
  context: InstallContext,
  mesh: Mesh,
  places: readonly Place[],
  left: readonly string[],
  signal: AbortSignal,
): Promise<Installation> {
  const [primary, ...remotes] = places
  if (primary === undefined) return { places: [], leaving: [] }
  const authority = await authorityOf(context.hub, mesh, signal)
  if ('distrust' in authority) return { places: [], leaving: [], distrust: authority.distrust }
  const prunes = mesh.status?.phase !== 'Running' || mesh.status.observedGeneration !== mesh.metadata.generation
  const look: Look = { context, mesh, places, prunes, signal }
  const around = { places, ...(authority.kept === undefined ? {} : { authority: authority.kept.authority }) }

  const first = await installPrimary(look, primary, around)
  const pilotAddress = mesh.spec.controlPlane.access?.address ?? first.address
  const beyond = pilotAddress === undefined ? around : { ...around, pilotAddress }
  const others = await Promise.all(remotes.map((place) => installRemote(look, place, beyond)))
  const access = others.flatMap((other) => (other.access === undefined ? [] : [other.access]))
  const joined = await joinMembers(look, first.result, { ...beyond, access })
  const leaving = await Promise.all(left.map((cluster) => leave(look, cluster)))
  return {
    places: [joined, ...others.map(({ result }) => result)],
    leaving: leaving.filter(({ message }) => message !== ''),
    ...(authority.kept === undefined ? {} : { trust: authority.kept.trust }),
  }
}

/** Works in one cluster of the mesh, when it answers and has what installs Istio. */
async function installAt(
  { context, mesh, signal }: Look,
  place: Place,
  work: (site: Site) => Promise<StepResult[]>,
): Promise<PlaceResult> {
  const result = await context.inCluster(place.cluster, async (site) => {
    const { ready, message } = await engineAt(context, site, mesh, place.cluster, signal)
    return ready
      ? { kind: 'installed' as const, message, steps: await work(site) }
      : { kind: 'noEngine' as const, message }
  })
  return { place, ...result }
}

async function installPrimary(
  look: Look,
  place: Place,
  around: Surroundings,
): Promise<{ result: PlaceResult; address?: string }> {
  const { mesh, places, signal } = look
  let address: string | undefined
  const result = await installAt(look, place, async (site) => {
    const steps = await installPlan(site, mesh, renderMember(mesh, place, around), signal)
    if (places.length > 1) address = await gatewayAddress(site, mesh, signal)
    return steps
  })
  return { result, ...(address === undefined ? {} : { address }) }
}

async function installRemote(
  look: Look,
  place: Place,
  around: Surroundings,
): Promise<{ result: PlaceResult; access?: MemberAccess }> {
  const { mesh, prunes, signal } = look
  let access: MemberAccess | undefined
  const result = await installAt(look, place, async (site) => {
    const planned = renderMember(mesh, place, around)
    const steps = await installPlan(site, mesh, planned, signal)
    if (around.pilotAddress === undefined) steps.push(ISTIOD_NOT_REACHABLE)
    else if (prunes && !hasFailed(steps)) await prune(site, mesh, planned, signal)
    access = await accessOf(site, mesh, place, planned, signal)
    return steps
  })
  return { result, ...(access === undefined ? {} : { access }) }
}

const ISTIOD_NOT_REACHABLE: StepResult = {
  step: 'controlPlane',
  status: 'Unknown',
  reason: 'AddressPending',
  message: 'Where istiod can be reached is not known yet: its gateway has no address.',
}

/** Tells istiod of the members. One that does not answer now keeps what was written for it before. */
async function joinMembers(look: Look, first: PlaceResult, around: Surroundings): Promise<PlaceResult> {
  const { context, mesh, places, prunes, signal } = look
  if (first.kind !== 'installed' || hasFailed(first.steps)) return first
  const { place, steps, message } = first
  const known = new Set(around.access?.map(({ cluster }) => cluster))
  const awaited = places.filter(({ role, cluster }) => role === 'remote' && !known.has(cluster))
  const planned = renderMember(mesh, place, around)
  const result = await context.inCluster(place.cluster, async (site) => {
    const secrets = planned.filter(({ step }) => step === 'remoteSecrets')
    const written = await installPlan(site, mesh, secrets, signal)
    // Only who knows all members knows what is too much here.
    if (prunes && awaited.length === 0) await prune(site, mesh, planned, signal)
    const waits: StepResult = {
      step: 'remoteSecrets',
      status: 'Unknown',
      reason: 'Waiting',
      message: `istiod cannot read ${awaited.map(({ cluster }) => cluster).join(', ')} yet: no credential has come from there.`,
    }
    return { kind: 'installed' as const, message, steps: [...steps, ...(awaited.length === 0 ? written : [waits])] }
  })
  return { place, ...result }
}

async function leave({ context, mesh, signal }: Look, cluster: string): Promise<Leaving> {
  const result = await context.inCluster(cluster, async (site) => ({
    kind: 'left' as const,
    left: await uninstall(site, mesh, signal),
  }))
  if (result.kind === 'unreachable') return { cluster, message: result.message }
  return { cluster, message: result.left.length === 0 ? '' : `Still to go: ${result.left.join(', ')}.` }
}

const hasFailed = (steps: readonly StepResult[]): boolean => steps.some(({ status }) => status === 'False')

async function authorityOf(
  hub: ResourceClient,
  mesh: Mesh,
  signal: AbortSignal,
): Promise<{ kept?: KeptAuthority } | { distrust: string }> {
  if (mesh.spec.mode !== MeshMode.Managed && mesh.spec.trust === undefined) return {}
  try {
    return { kept: await keepAuthority(hub, mesh, new Date(), signal) }
  } catch (error) {
    if (error instanceof AuthorityError) return { distrust: `${error.message}.` }
    throw error
  }
}

async function engineAt(
  context: InstallContext,
  { client }: Site,
  mesh: Mesh,
  cluster: string,
  signal: AbortSignal,
): Promise<{ ready: boolean; message: string }> {
  if (mesh.spec.engine === 'Helm') return context.helm()
  try {
    await client.list('Istio', { limit: 1, signal })
    return { ready: true, message: `The Sail Operator of cluster ${cluster} installs Istio.` }
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
    const message = `Cluster ${cluster} has no Sail Operator, which installs Istio: install it (helm install sail-operator), and this goes on by itself.`
    return { ready: false, message }
  }
}

async function accessOf(
  site: Site,
  mesh: Mesh,
  { cluster }: Place,
  planned: readonly Planned[],
  signal: AbortSignal,
): Promise<MemberAccess | undefined> {
  const access = await readerAccess(site, planned, signal)
  const member = mesh.spec.members?.find((each) => each.cluster === cluster)
  return access && { cluster, server: member?.apiServer ?? site.server, ...access }
}

/** Where the gateway to istiod can be reached. */
async function gatewayAddress({ client }: Site, mesh: Mesh, signal: AbortSignal): Promise<string | undefined> {
  const name = { name: EAST_WEST_GATEWAY, namespace: systemNamespaceOf(mesh) }
  const service = await getIfThere(client, 'Service', name, signal)
  if (service === undefined) return undefined
  const clusterIp = readPath(service, 'spec.clusterIP')
  const isInside = readPath(service, 'spec.type') === 'ClusterIP' && typeof clusterIp === 'string'
  // In one network an address inside of it will do.
  return addressOf(service) ?? (isInside ? clusterIp : undefined)
}
