import type { ClusterView } from '@meshdeck/contract'
import { isNamespaceName, MESHDECK_API_VERSION, type Mesh, type MeshSize, type Resources } from '@meshdeck/kube'
import { releasesFor } from '@meshdeck/mesh'

/** What the wizard for a mesh of its own cluster asks for. Texts are as they were typed. */
export interface DedicatedDraft {
  name: string
  displayName: string
  cluster: string
  version: string
  hub: string
  ambient: boolean
  protect: boolean
  size: MeshSize
  highAvailability: boolean
  tracing: { enabled: boolean; sampling: number; service: string; port: number }
  outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY'
  retries: { own: boolean; attempts: number; retryOn: readonly string[] }
  injectByDefault: boolean
  logLevel: string
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never' | ''
  resources: { cpuRequest: string; cpuLimit: string; memoryRequest: string; memoryLimit: string }
}

export const EMPTY_DEDICATED: DedicatedDraft = {
  name: '',
  displayName: '',
  cluster: '',
  version: '',
  hub: '',
  ambient: false,
  protect: false,
  size: 'S50P200',
  highAvailability: false,
  tracing: { enabled: false, sampling: 1, service: '', port: 4317 },
  outbound: 'ALLOW_ANY',
  retries: { own: false, attempts: 2, retryOn: ['connect-failure', 'refused-stream', 'unavailable'] },
  injectByDefault: false,
  logLevel: '',
  imagePullPolicy: '',
  resources: { cpuRequest: '', cpuLimit: '', memoryRequest: '', memoryLimit: '' },
}

/** Conditions for a retry. Source: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on */
export const RETRY_CONDITIONS = [
  '5xx',
  'gateway-error',
  'reset',
  'connect-failure',
  'envoy-ratelimited',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
] as const

export const DEDICATED_STEPS = ['basics', 'system', 'governance', 'sidecars', 'review'] as const
export type DedicatedStep = (typeof DEDICATED_STEPS)[number]

/** Fields that can be wrong, and the step that has them. */
const FIELDS = {
  name: 'basics',
  cluster: 'basics',
  version: 'basics',
  tracing: 'system',
  sampling: 'system',
  attempts: 'governance',
  retryOn: 'governance',
  resources: 'sidecars',
} as const satisfies Record<string, DedicatedStep>
export type DedicatedField = keyof typeof FIELDS

/** Keys of `meshes:wizard.problems`. */
export type DedicatedProblems = Partial<Record<DedicatedField, string>>

const QUANTITY = /^\d+(\.\d+)?(m|k|Ki|M|Mi|G|Gi)?$/

/** What is wrong with a draft, by field. The hub has the last word at review. */
export function dedicatedProblems(draft: DedicatedDraft, taken: readonly string[]): DedicatedProblems {
  const { name, cluster, version, tracing, retries, resources } = draft
  return {
    ...(name === ''
      ? { name: 'nameMissing' }
      : !isNamespaceName(name)
        ? { name: 'nameInvalid' }
        : taken.includes(name)
          ? { name: 'nameTaken' }
          : {}),
    ...(cluster === '' ? { cluster: 'clusterMissing' } : {}),
    ...(cluster !== '' && version === '' ? { version: 'versionMissing' } : {}),
    ...(tracing.enabled && tracing.service.trim() === '' ? { tracing: 'collectorMissing' } : {}),
    ...(tracing.enabled && !(tracing.sampling >= 0 && tracing.sampling <= 100) ? { sampling: 'samplingRange' } : {}),
    ...(retries.own && !(Number.isInteger(retries.attempts) && retries.attempts >= 0 && retries.attempts <= 100)
      ? { attempts: 'attemptsRange' }
      : {}),
    ...(retries.own && retries.attempts > 0 && retries.retryOn.length === 0 ? { retryOn: 'retryOnMissing' } : {}),
    ...(Object.values(resources).some((text) => text.trim() !== '' && !QUANTITY.test(text.trim()))
      ? { resources: 'quantity' }
      : {}),
  }
}

/** The first step with something wrong in it. */
export function stepOf(problems: DedicatedProblems): DedicatedStep | undefined {
  const steps = (Object.keys(problems) as DedicatedField[]).map((field) => FIELDS[field])
  return DEDICATED_STEPS.find((step) => steps.some((each) => each === step))
}

/** A cluster where a mesh could be made; why not, when it cannot: a key of `meshes:wizard.obstacles`. */
export interface Host {
  cluster: ClusterView
  obstacle: 'lost' | 'unknown' | 'inMesh' | 'hasIstio' | 'noOperator' | 'tooOld' | undefined
}

export function hostsOf(clusters: readonly ClusterView[]): Host[] {
  return clusters.map((cluster) => ({ cluster, obstacle: obstacleOf(cluster) }))
}

function obstacleOf(cluster: ClusterView): Host['obstacle'] {
  if (cluster.state !== 'reachable') return cluster.state
  if (cluster.meshes.length > 0) return 'inMesh'
  if (cluster.istio.length > 0) return 'hasIstio'
  const hasOperator = cluster.conditions.some(({ type, status }) => type === 'OperatorReady' && status === 'True')
  if (!hasOperator) return 'noOperator'
  return releasesFor(cluster.version).length === 0 ? 'tooOld' : undefined
}

/** The record that the wizard makes; what was left as Istio has it is not said. */
export function toDedicatedMesh(draft: DedicatedDraft): Mesh {
  const { tracing, retries } = draft
  const displayName = draft.displayName.trim()
  const hub = draft.hub.trim()
  const resources = toResources(draft.resources)
  return {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Mesh',
    metadata: { name: draft.name },
    spec: {
      ...(displayName === '' ? {} : { displayName }),
      mode: 'Dedicated',
      controlPlane: {
        cluster: draft.cluster,
        version: draft.version,
        ...(hub === '' ? {} : { hub }),
        size: draft.size,
        highAvailability: draft.highAvailability,
      },
      dataPlane: {
        mode: draft.ambient ? 'Ambient' : 'Sidecar',
        ...(draft.ambient ? {} : { injectByDefault: draft.injectByDefault }),
        ...(resources === undefined ? {} : { resources }),
        ...(draft.logLevel === '' ? {} : { logLevel: draft.logLevel }),
        ...(draft.imagePullPolicy === '' ? {} : { imagePullPolicy: draft.imagePullPolicy }),
      },
      traffic: {
        outbound: draft.outbound,
        ...(retries.own ? { retries: { attempts: retries.attempts, retryOn: [...retries.retryOn] } } : {}),
      },
      ...(tracing.enabled
        ? {
            tracing: { enabled: true, sampling: tracing.sampling, service: tracing.service.trim(), port: tracing.port },
          }
        : {}),
      ...(draft.protect ? { protected: true } : {}),
    },
  }
}

function toResources(texts: DedicatedDraft['resources']): Resources | undefined {
  const side = (cpu: string, memory: string) => ({
    ...(cpu.trim() === '' ? {} : { cpu: cpu.trim() }),
    ...(memory.trim() === '' ? {} : { memory: memory.trim() }),
  })
  const requests = side(texts.cpuRequest, texts.memoryRequest)
  const limits = side(texts.cpuLimit, texts.memoryLimit)
  const all = {
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  }
  return Object.keys(all).length === 0 ? undefined : all
}
