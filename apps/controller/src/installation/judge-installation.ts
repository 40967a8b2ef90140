import { MeshPhase, type Mesh, type MeshCondition } from '@meshdeck/kube'
import { INSTALL_STEPS, type InstallStep } from '@meshdeck/mesh'
import type { Finding } from '../status/conditions.ts'
import type { Installation, PlaceResult } from './install-mesh.ts'
import { worst, type StepResult } from './install-plan.ts'

const CONDITION_OF: Readonly<Record<InstallStep, MeshCondition>> = {
  namespaces: 'NamespacesReady',
  trust: 'TrustReady',
  controlPlane: 'ControlPlaneReady',
  nodeAgents: 'NodeAgentsReady',
  gateways: 'GatewaysReady',
  defaults: 'DefaultsReady',
  reader: 'ReaderReady',
  remoteSecrets: 'RemoteSecretsReady',
}

export interface Judgement {
  phase: MeshPhase
  findings: Finding[]
  version?: string
}

/** Phase and conditions of a mesh that Meshdeck installs: of each step the cluster where it has come the least far. Pure. */
export function judgeInstallation(mesh: Mesh, installation: Installation): Judgement {
  const wasRunning = hasRun(mesh.status?.phase)
  if (installation.distrust !== undefined) {
    const findings = [finding('TrustReady', 'False', 'AuthorityUnusable', installation.distrust)]
    return { phase: wasRunning ? MeshPhase.Degraded : MeshPhase.Failed, findings }
  }
  const { places } = installation
  const phases = places.map((each) => placePhase(each, wasRunning))
  const engine = worst(places.map(engineFinding))
  const findings = [...(engine === undefined ? [] : [engine]), ...stepFindings(places)]
  const [primary = MeshPhase.Pending, ...members] = phases
  const version = mesh.spec.controlPlane.version?.replace(/^v/, '')
  if (primary === MeshPhase.Running && members.every((each) => each === MeshPhase.Running)) {
    return { phase: MeshPhase.Running, findings, ...(version === undefined ? {} : { version }) }
  }
  // A mesh whose control plane is well carries on; a member that fails is the member's matter.
  const isPartly = primary === MeshPhase.Running && (wasRunning || members.some((each) => each === MeshPhase.Failed))
  return {
    phase: isPartly ? MeshPhase.Degraded : primary === MeshPhase.Running ? MeshPhase.Creating : primary,
    findings,
  }
}

/** Phase and conditions of one cluster of a mesh. Pure. */
export function judgePlace(
  result: PlaceResult,
  before: MeshPhase | undefined,
): { phase: MeshPhase; findings: Finding[] } {
  const steps = result.kind === 'installed' ? result.steps : []
  return {
    phase: placePhase(result, hasRun(before)),
    findings: [engineFinding(result), ...steps.map((each) => stepFinding(each))],
  }
}

const hasRun = (phase: MeshPhase | undefined): boolean => phase === MeshPhase.Running || phase === MeshPhase.Degraded

function placePhase(result: PlaceResult, wasRunning: boolean): MeshPhase {
  if (result.kind !== 'installed') return wasRunning ? MeshPhase.Degraded : MeshPhase.Pending
  if (result.steps.some(({ status }) => status === 'False')) return MeshPhase.Failed
  if (result.steps.every(({ status }) => status === 'True')) return MeshPhase.Running
  // A new version is rolled out while the old one works on.
  return wasRunning ? MeshPhase.Degraded : MeshPhase.Creating
}

function engineFinding(result: PlaceResult): Finding {
  switch (result.kind) {
    case 'installed':
      return finding('EngineReady', 'True', 'Found', result.message)
    case 'noEngine':
      return finding('EngineReady', 'False', 'NotInstalled', result.message)
    case 'unreachable':
      return finding('EngineReady', 'Unknown', 'ClusterUnreachable', result.message)
  }
}

function stepFindings(places: readonly PlaceResult[]): Finding[] {
  return INSTALL_STEPS.flatMap((step) => {
    const found = places.flatMap((each) =>
      each.kind === 'installed'
        ? each.steps.flatMap((one) => (one.step === step ? [inPlace(one, each, places.length > 1)] : []))
        : [],
    )
    const result = worst(found)
    return result === undefined ? [] : [stepFinding(result)]
  })
}

/** Which cluster is spoken of has to be said where there are several. */
function inPlace(result: StepResult, { place }: PlaceResult, several: boolean): StepResult {
  return several ? { ...result, message: `${place.cluster}: ${result.message}` } : result
}

function stepFinding({ step, status, reason, message }: StepResult): Finding {
  return finding(CONDITION_OF[step], status, reason, message)
}

const finding = (type: MeshCondition, status: Finding['status'], reason: string, message: string): Finding => ({
  type,
  status,
  reason,
  message,
})
