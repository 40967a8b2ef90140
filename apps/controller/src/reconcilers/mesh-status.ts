import {
  ClusterCondition,
  meshClusters,
  MeshMode,
  MeshPhase,
  type Cluster,
  type Condition,
  type DetectedIstio,
  type Mesh,
  type MeshMemberStatus,
  type MeshStatus,
} from '@meshdeck/kube'
import type { Installation } from '../installation/install-mesh.ts'
import { judgeInstallation, judgePlace } from '../installation/judge-installation.ts'
import { dateConditions, type Finding } from '../status/conditions.ts'

/** Finds a Cluster of the hub by name. */
export type FindCluster = (name: string) => Cluster | undefined

/** What is to be said of a mesh, by its spec and what is known of its clusters. Pure. */
export function meshStatus(mesh: Mesh, findCluster: FindCluster, now: Date, installation?: Installation): MeshStatus {
  const generation = mesh.metadata.generation
  const { phase, findings, version } = judge(mesh, findCluster, installation)
  const kept = version ?? mesh.status?.version
  return {
    phase,
    conditions: dateConditions(mesh.status?.conditions, findings, now),
    ...(kept === undefined ? {} : { version: kept }),
    members: [
      ...meshClusters(mesh).map((name) => memberStatus(name, findCluster(name), mesh, now, installation)),
      ...leavingStatus(mesh, now, installation),
    ],
    ...trustOf(mesh, installation),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
  }
}

interface Judgement {
  phase: MeshPhase
  findings: Finding[]
  version?: string | undefined
}

function judge(mesh: Mesh, findCluster: FindCluster, installation: Installation | undefined): Judgement {
  if (mesh.spec.mode === MeshMode.External) return judgeExternal(mesh, findCluster)
  const members = judgeMembers(mesh, findCluster)
  if (installation === undefined) return { phase: mesh.status?.phase ?? MeshPhase.Pending, findings: [members] }
  const installed = judgeInstallation(mesh, installation)
  return { ...installed, findings: [...installed.findings, members] }
}

function judgeExternal(mesh: Mesh, findCluster: FindCluster): Judgement {
  const plane = judgeControlPlane(mesh, findCluster)
  const members = judgeMembers(mesh, findCluster)
  // A member that has just come and was not looked at yet does not make a running mesh a broken one.
  const phase = plane.phase === MeshPhase.Running && members.status === 'False' ? MeshPhase.Degraded : plane.phase
  return { phase, findings: [plane.finding, members], version: plane.version }
}

function judgeControlPlane(
  mesh: Mesh,
  findCluster: FindCluster,
): { phase: MeshPhase; finding: Finding; version?: string } {
  const { cluster: name, namespace, revision } = mesh.spec.controlPlane
  const cluster = findCluster(name)
  if (!cluster) {
    const message = `There is no Cluster ${name} on the hub; join it, or name another in spec.controlPlane.cluster.`
    return { phase: MeshPhase.Failed, finding: plane('False', 'ClusterUnknown', message) }
  }
  const reachable = reachableOf(cluster)
  if (reachable?.status !== 'True') {
    return reachable?.status === 'False'
      ? {
          phase: MeshPhase.Degraded,
          finding: plane('Unknown', 'ClusterUnreachable', `Cluster ${name} cannot be asked: ${reachable.message}`),
        }
      : {
          phase: MeshPhase.Pending,
          finding: plane('Unknown', 'Waiting', `Cluster ${name} has not been looked at yet.`),
        }
  }
  const { istio } = cluster.status ?? {}
  if (istio === undefined) {
    const message = `What runs in cluster ${name} cannot be read; its condition Permitted says which rights are missing.`
    return { phase: MeshPhase.Failed, finding: plane('Unknown', 'NotPermitted', message) }
  }
  const found = istio.find(
    (one) =>
      (namespace === undefined || one.namespace === namespace) && (revision === undefined || one.revision === revision),
  )
  if (!found) {
    const wanted = `${revision === undefined ? '' : ` of revision ${revision}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`
    const others = istio.length === 0 ? 'there is none at all' : `there is ${istio.map(describe).join(', ')}`
    const message = `No istiod${wanted} is in cluster ${name}; ${others}. Install Istio, or correct spec.controlPlane.`
    return { phase: MeshPhase.Failed, finding: plane('False', 'NotFound', message) }
  }
  return { ...judgeReady(found, name), version: found.version }
}

function judgeReady(found: DetectedIstio, cluster: string): { phase: MeshPhase; finding: Finding } {
  const what = `Istio ${describe(found)} of cluster ${cluster}`
  if (found.replicas === undefined) {
    const message = `${what} is known by its webhook only: its istiod runs outside of this cluster.`
    return { phase: MeshPhase.Running, finding: plane('True', 'OutsideCluster', message) }
  }
  const ready = found.ready ?? 0
  if (ready === 0) {
    const message = `${what} has no ready istiod (0 of ${found.replicas}); look at the pods of istiod in ${found.namespace}.`
    return { phase: MeshPhase.Degraded, finding: plane('True', 'NotReady', message) }
  }
  const message = `${what} runs, ${ready} of ${found.replicas} istiod ready.`
  return { phase: MeshPhase.Running, finding: plane('True', 'Found', message) }
}

function judgeMembers(mesh: Mesh, findCluster: FindCluster): Finding {
  const names = meshClusters(mesh)
  const lacking = names.filter((name) => phaseOfMember(findCluster(name)) !== MeshPhase.Running)
  if (lacking.length === 0) {
    const message = names.length === 1 ? 'The cluster answers.' : `All ${names.length} clusters answer.`
    return { type: 'MembersReachable', status: 'True', reason: 'AllReachable', message }
  }
  const onlyWaiting = lacking.every((name) => phaseOfMember(findCluster(name)) === MeshPhase.Pending)
  return {
    type: 'MembersReachable',
    status: onlyWaiting ? 'Unknown' : 'False',
    reason: onlyWaiting ? 'Waiting' : 'SomeUnreachable',
    message: `${lacking.length} of ${names.length} clusters cannot be used: ${lacking.join(', ')}; members say why.`,
  }
}

/** What is known of the authority stays known while nobody has looked. */
function trustOf(mesh: Mesh, installation: Installation | undefined): Pick<MeshStatus, 'trust'> {
  const trust = installation?.trust ?? (installation === undefined ? mesh.status?.trust : undefined)
  return trust === undefined ? {} : { trust }
}

/** Clusters that were members: they stay in the status until all is gone there. */
export function clustersLeft(mesh: Mesh): string[] {
  if (mesh.spec.mode === MeshMode.External) return []
  const wanted = new Set(meshClusters(mesh))
  return (mesh.status?.members ?? []).flatMap(({ cluster }) => (wanted.has(cluster) ? [] : [cluster]))
}

function leavingStatus(mesh: Mesh, now: Date, installation: Installation | undefined): MeshMemberStatus[] {
  return clustersLeft(mesh).flatMap((cluster) => {
    const before = mesh.status?.members?.find((member) => member.cluster === cluster)
    const leaving = installation?.leaving.find((each) => each.cluster === cluster)
    if (installation !== undefined && leaving === undefined) return []
    const message = leaving?.message ?? 'What was made here is to be taken away.'
    const finding: Finding = { type: 'Removed', status: 'False', reason: 'Waiting', message }
    return [{ cluster, phase: MeshPhase.Deleting, conditions: dateConditions(before?.conditions, [finding], now) }]
  })
}

function memberStatus(
  name: string,
  cluster: Cluster | undefined,
  mesh: Mesh,
  now: Date,
  installation: Installation | undefined,
): MeshMemberStatus {
  const before = mesh.status?.members?.find((member) => member.cluster === name)
  const known = cluster && reachableOf(cluster)
  const finding: Finding = known
    ? { type: 'Reachable', status: known.status, reason: known.reason, message: known.message }
    : cluster
      ? {
          type: 'Reachable',
          status: 'Unknown',
          reason: 'Waiting',
          message: `Cluster ${name} has not been looked at yet.`,
        }
      : {
          type: 'Reachable',
          status: 'False',
          reason: 'ClusterUnknown',
          message: `There is no Cluster ${name} on the hub; join it, or take it out of the mesh.`,
        }
  const result = installation?.places.find(({ place }) => place.cluster === name)
  const installed = result && judgePlace(result, before?.phase)
  const seen = mesh.spec.mode === MeshMode.External ? phaseOfMember(cluster) : (before?.phase ?? MeshPhase.Pending)
  return {
    cluster: name,
    phase: installed?.phase ?? seen,
    conditions: dateConditions(before?.conditions, [finding, ...(installed?.findings ?? [])], now),
  }
}

function phaseOfMember(cluster: Cluster | undefined): MeshPhase {
  if (!cluster) return MeshPhase.Failed
  const status = reachableOf(cluster)?.status
  return status === 'True' ? MeshPhase.Running : status === 'False' ? MeshPhase.Degraded : MeshPhase.Pending
}

const reachableOf = (cluster: Cluster): Condition | undefined =>
  cluster.status?.conditions?.find(({ type }) => type === ClusterCondition.Reachable)

const describe = ({ version, revision, namespace }: DetectedIstio): string =>
  `${version} (revision ${revision}, namespace ${namespace})`

const plane = (status: Finding['status'], reason: string, message: string): Finding => ({
  type: 'ControlPlaneFound',
  status,
  reason,
  message,
})
