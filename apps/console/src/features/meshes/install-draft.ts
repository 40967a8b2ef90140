import {
  isNamespaceName,
  MESHDECK_API_VERSION,
  type Mesh,
  type MeshEngine,
  type MeshSize,
  type Platform,
  type Resources,
} from '@meshdeck/kube'
import { localityFaults, parseQuantity } from '@meshdeck/mesh'
import type { LocalityTraffic } from './locality-fields.tsx'
import { isOutlierDetection } from './outlier-faults.ts'

/** What the wizard for a mesh that is installed asks for. Texts are as they were typed. */
export interface InstallDraft {
  mode: 'Dedicated' | 'Managed'
  engine: MeshEngine
  /** Further clusters of a managed mesh. */
  members: readonly { cluster: string; network: string }[]
  /** Network of the control plane's cluster, in a managed mesh. */
  network: string
  /** How members come to istiod. */
  access: { type: 'LoadBalancer' | 'NodePort' | 'ClusterIP'; address: string; annotations: string }
  /** Secret with an authority that was brought; one is made when it is empty. */
  authority: string
  name: string
  displayName: string
  cluster: string
  version: string
  /** Of the control plane's cluster; what was found there when it was picked. */
  platform: Platform | ''
  hub: string
  /** Of istiod, and root of the configuration. */
  namespace: string
  discovery: 'All' | 'Local'
  /** Quantities of istiod's own; those of the size where they are empty. */
  istiod: { cpuRequest: string; cpuLimit: string; memoryRequest: string; memoryLimit: string }
  ambient: boolean
  protect: boolean
  size: MeshSize
  highAvailability: boolean
  tracing: { enabled: boolean; sampling: number; service: string; port: number }
  outbound: 'ALLOW_ANY' | 'REGISTRY_ONLY'
  retries: { own: boolean; attempts: number; retryOn: readonly string[] }
  locality: LocalityTraffic
  injectByDefault: boolean
  logLevel: string
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never' | ''
  resources: { cpuRequest: string; cpuLimit: string; memoryRequest: string; memoryLimit: string }
}

export const EMPTY_INSTALL: InstallDraft = {
  mode: 'Dedicated',
  engine: 'Sail',
  members: [],
  network: '',
  access: { type: 'LoadBalancer', address: '', annotations: '' },
  authority: '',
  name: '',
  displayName: '',
  cluster: '',
  version: '',
  platform: '',
  hub: '',
  namespace: '',
  discovery: 'All',
  istiod: { cpuRequest: '', cpuLimit: '', memoryRequest: '', memoryLimit: '' },
  ambient: false,
  protect: false,
  size: 'S50P200',
  highAvailability: false,
  tracing: { enabled: false, sampling: 1, service: '', port: 4317 },
  outbound: 'ALLOW_ANY',
  retries: { own: false, attempts: 2, retryOn: ['connect-failure', 'refused-stream', 'unavailable'] },
  locality: {},
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

export const WIZARD_STEPS = ['basics', 'system', 'governance', 'sidecars', 'review'] as const
export type InstallStep = (typeof WIZARD_STEPS)[number]

/** Fields that can be wrong, and the step that has them. */
const FIELDS = {
  name: 'basics',
  cluster: 'basics',
  version: 'basics',
  namespace: 'basics',
  hub: 'basics',
  istiod: 'system',
  members: 'basics',
  network: 'basics',
  address: 'system',
  annotations: 'system',
  authority: 'system',
  tracing: 'system',
  sampling: 'system',
  attempts: 'governance',
  retryOn: 'governance',
  locality: 'governance',
  resources: 'sidecars',
} as const satisfies Record<string, InstallStep>
export type InstallField = keyof typeof FIELDS

/** Keys of `meshes:wizard.problems`. */
export type InstallProblems = Partial<Record<InstallField, string>>

/** These four as the hub's schema has them. */
const REGISTRY = /^[A-Za-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._-]+)*$/
const COLLECTOR = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/
const QUANTITY = /^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi)?$/
const NETWORK = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/
const ADDRESS = /^[A-Za-z0-9]([-A-Za-z0-9.:]*[A-Za-z0-9])?$/

/** What is wrong with a draft, by field. The hub has the last word at review. */
export function installProblems(draft: InstallDraft, taken: readonly string[]): InstallProblems {
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
    ...(draft.mode === 'Managed' ? managedProblems(draft) : {}),
    ...(draft.namespace.trim() !== '' && !isNamespaceName(draft.namespace.trim())
      ? { namespace: 'namespaceInvalid' }
      : {}),
    ...(draft.hub.trim() !== '' && !REGISTRY.test(draft.hub.trim()) ? { hub: 'hubInvalid' } : {}),
    ...fault('istiod', quantityProblem(draft.istiod)),
    ...(tracing.enabled && tracing.service.trim() === '' ? { tracing: 'collectorMissing' } : {}),
    ...(tracing.enabled && tracing.service.trim() !== '' && !COLLECTOR.test(tracing.service.trim())
      ? { tracing: 'collectorInvalid' }
      : {}),
    ...(tracing.enabled && !(tracing.sampling >= 0 && tracing.sampling <= 100) ? { sampling: 'samplingRange' } : {}),
    ...(retries.own && !(Number.isInteger(retries.attempts) && retries.attempts >= 0 && retries.attempts <= 100)
      ? { attempts: 'attemptsRange' }
      : {}),
    ...(retries.own && retries.attempts > 0 && retries.retryOn.length === 0 ? { retryOn: 'retryOnMissing' } : {}),
    ...(isLocalityTraffic(draft.locality) ? {} : { locality: 'localityInvalid' }),
    ...fault('resources', quantityProblem(resources)),
  }
}

const isLocalityTraffic = ({ locality, outlierDetection }: LocalityTraffic): boolean =>
  localityFaults(locality, '').length === 0 && (outlierDetection === undefined || isOutlierDetection(outlierDetection))

const fault = (field: InstallField, problem: string | undefined): InstallProblems =>
  problem === undefined ? {} : { [field]: problem }

/** What the API server would hold against the quantities of a container. */
function quantityProblem(texts: InstallDraft['resources']): string | undefined {
  const given = Object.values(texts).map((text) => text.trim())
  if (given.some((text) => text !== '' && !QUANTITY.test(text))) return 'quantity'
  const isAbove = (request: string, limit: string): boolean =>
    (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? Number.POSITIVE_INFINITY)
  return isAbove(texts.cpuRequest, texts.cpuLimit) || isAbove(texts.memoryRequest, texts.memoryLimit)
    ? 'requestAboveLimit'
    : undefined
}

function managedProblems({ members, network, access, authority, cluster }: InstallDraft): InstallProblems {
  const address = access.address.trim()
  return {
    ...(cluster !== '' && members.length === 0 ? { members: 'membersMissing' } : {}),
    ...([network, ...members.map((member) => member.network)].every((each) => NETWORK.test(each.trim()))
      ? {}
      : { network: 'networkInvalid' }),
    ...(access.type !== 'LoadBalancer' && address === '' ? { address: 'addressMissing' } : {}),
    ...(address !== '' && !ADDRESS.test(address) ? { address: 'addressInvalid' } : {}),
    ...(readAnnotations(access.annotations) === undefined ? { annotations: 'annotationsInvalid' } : {}),
    ...(authority.trim() !== '' && !isNamespaceName(authority.trim()) ? { authority: 'secretInvalid' } : {}),
  }
}

/** One `key: value` or `key=value` a line; nothing when a line is neither. */
export function readAnnotations(text: string): Record<string, string> | undefined {
  const pairs = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => /^([A-Za-z0-9][-A-Za-z0-9_./]*)\s*[:=]\s*(.*)$/.exec(line))
  if (pairs.some((pair) => pair === null)) return undefined
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']))
}

/** The first step with something wrong in it. */
export function stepOf(problems: InstallProblems): InstallStep | undefined {
  const steps = (Object.keys(problems) as InstallField[]).map((field) => FIELDS[field])
  return WIZARD_STEPS.find((step) => steps.some((each) => each === step))
}

/** The record that the wizard makes; what was left as Istio has it is not said. */
export function toInstalledMesh(draft: InstallDraft): Mesh {
  const { tracing, retries, access } = draft
  const isManaged = draft.mode === 'Managed'
  const annotations = readAnnotations(access.annotations) ?? {}
  const address = access.address.trim()
  const displayName = draft.displayName.trim()
  const hub = draft.hub.trim()
  const resources = toResources(draft.resources)
  const istiod = toResources(draft.istiod)
  const namespace = draft.namespace.trim()
  return {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Mesh',
    metadata: { name: draft.name },
    spec: {
      ...(displayName === '' ? {} : { displayName }),
      mode: draft.mode,
      engine: draft.engine,
      controlPlane: {
        cluster: draft.cluster,
        version: draft.version,
        ...(namespace === '' ? {} : { namespace }),
        ...(draft.platform === '' ? {} : { platform: draft.platform }),
        ...(hub === '' ? {} : { hub }),
        size: draft.size,
        ...(istiod === undefined ? {} : { resources: istiod }),
        highAvailability: draft.highAvailability,
        ...(isManaged
          ? {
              access: {
                type: access.type,
                ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
                ...(address === '' ? {} : { address }),
              },
            }
          : {}),
      },
      dataPlane: {
        mode: draft.ambient && !isManaged ? 'Ambient' : 'Sidecar',
        ...(draft.ambient && !isManaged ? {} : { injectByDefault: draft.injectByDefault }),
        ...(draft.discovery === 'Local' ? { discovery: 'Local' as const } : {}),
        ...(resources === undefined ? {} : { resources }),
        ...(draft.logLevel === '' ? {} : { logLevel: draft.logLevel }),
        ...(draft.imagePullPolicy === '' ? {} : { imagePullPolicy: draft.imagePullPolicy }),
      },
      traffic: {
        outbound: draft.outbound,
        ...(retries.own ? { retries: { attempts: retries.attempts, retryOn: [...retries.retryOn] } } : {}),
        ...draft.locality,
      },
      ...(tracing.enabled
        ? {
            tracing: { enabled: true, sampling: tracing.sampling, service: tracing.service.trim(), port: tracing.port },
          }
        : {}),
      ...(isManaged
        ? {
            ...(draft.authority.trim() === '' ? {} : { trust: { secretRef: { name: draft.authority.trim() } } }),
            members: [{ cluster: draft.cluster, network: draft.network }, ...draft.members].map((each) => ({
              cluster: each.cluster,
              ...(each.network.trim() === '' ? {} : { network: each.network.trim() }),
            })),
          }
        : {}),
      ...(draft.protect ? { protected: true } : {}),
    },
  }
}

function toResources(texts: InstallDraft['resources']): Resources | undefined {
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
