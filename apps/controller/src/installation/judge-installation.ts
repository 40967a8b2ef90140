import { MeshPhase, type Mesh, type MeshCondition } from '@meshdeck/kube'
import type { InstallStep } from '@meshdeck/mesh'
import type { Finding } from '../status/conditions.ts'
import type { MemberInstallation } from './install-member.ts'

/** What one look at an installation came to. */
export type Installation =
  | { kind: 'installed'; member: MemberInstallation }
  /** The cluster could not be asked; the last known conditions stay. */
  | { kind: 'unreachable'; message: string }

const CONDITION_OF: Readonly<Record<InstallStep, MeshCondition>> = {
  namespaces: 'NamespacesReady',
  controlPlane: 'ControlPlaneReady',
  nodeAgents: 'NodeAgentsReady',
}

export interface Judgement {
  phase: MeshPhase
  findings: Finding[]
  version?: string
}

/** Phase and conditions of a mesh that Meshdeck installs. Pure. */
export function judgeInstallation(mesh: Mesh, installation: Installation): Judgement {
  const before = mesh.status?.phase
  const wasRunning = before === MeshPhase.Running || before === MeshPhase.Degraded
  if (installation.kind === 'unreachable') {
    return {
      phase: wasRunning ? MeshPhase.Degraded : MeshPhase.Pending,
      findings: [finding('EngineReady', 'Unknown', 'ClusterUnreachable', installation.message)],
    }
  }
  const { engine, steps } = installation.member
  const findings = [
    engine.ready
      ? finding('EngineReady', 'True', 'Found', engine.message)
      : finding('EngineReady', 'False', 'NotInstalled', engine.message),
    ...steps.map(({ step, status, reason, message }) => finding(CONDITION_OF[step], status, reason, message)),
  ]
  if (!engine.ready) return { phase: wasRunning ? MeshPhase.Degraded : MeshPhase.Pending, findings }
  if (steps.some(({ status }) => status === 'False')) return { phase: MeshPhase.Failed, findings }
  if (steps.some(({ status }) => status !== 'True')) {
    // A new version is rolled out while the old one works on.
    return { phase: wasRunning ? MeshPhase.Degraded : MeshPhase.Creating, findings }
  }
  const { version } = mesh.spec.controlPlane
  return {
    phase: MeshPhase.Running,
    findings,
    ...(version === undefined ? {} : { version: version.replace(/^v/, '') }),
  }
}

const finding = (type: MeshCondition, status: Finding['status'], reason: string, message: string): Finding => ({
  type,
  status,
  reason,
  message,
})
