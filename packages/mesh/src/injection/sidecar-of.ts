import { isRecord, PROXY_CONTAINER, type Resources } from '@meshdeck/kube'
import { readResources } from './injector-values.ts'
import { isInjected, proxyRevision, proxyVersion, type PodLike } from './pods.ts'

export type SidecarState = 'not-injected' | 'starting' | 'running' | 'failed'

/** A pod's sidecar as its status tells of it. */
export interface SidecarStatus {
  state: SidecarState
  /** Why it does not run, in the words of the pod's status. */
  reason?: string
  version?: string
  revision?: string
  /** Started before the application and stopped after it: an init container that goes on. */
  native: boolean
  resources: Resources
  restarts: number
}

/** A container as pods list it; whole and trimmed ones both fit. */
interface ContainerStatusLike {
  name: string
  ready?: boolean | undefined
  restartCount?: number | undefined
  state?: unknown
}

/** A pod as this reads it. */
export interface SidecarPod extends PodLike {
  status?:
    | {
        phase?: string | undefined
        containerStatuses?: readonly ContainerStatusLike[] | undefined
        initContainerStatuses?: readonly ContainerStatusLike[] | undefined
      }
    | undefined
}

/** Without these Istio's proxy is not started. */
const ISTIO_INIT = ['istio-init', 'istio-validation']
/** What a container waits for on its ordinary way up. */
const ORDINARY = ['ContainerCreating', 'PodInitializing']

/** State, version and resources of the sidecar of a pod. */
export function sidecarOf(pod: SidecarPod): SidecarStatus {
  const native = pod.spec?.initContainers?.some(({ name }) => name === PROXY_CONTAINER) ?? false
  const container = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find(
    ({ name }) => name === PROXY_CONTAINER,
  )
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
  const own = statuses.find(({ name }) => name === PROXY_CONTAINER)
  const version = proxyVersion(pod)
  const revision = proxyRevision(pod)
  return {
    ...(isInjected(pod) && container !== undefined ? stateOf(own, statuses) : { state: 'not-injected' as const }),
    ...(version === undefined ? {} : { version }),
    ...(revision === undefined ? {} : { revision }),
    native,
    resources: readResources(
      container !== undefined && 'resources' in container && isRecord(container.resources) ? container.resources : {},
    ),
    restarts: own?.restartCount ?? 0,
  }
}

function stateOf(
  own: ContainerStatusLike | undefined,
  all: readonly ContainerStatusLike[],
): Pick<SidecarStatus, 'state' | 'reason'> {
  const failure = [own, ...all.filter(({ name }) => ISTIO_INIT.includes(name))]
    .map((status) => status && failureOf(status))
    .find((reason) => reason !== undefined)
  if (failure !== undefined) return { state: 'failed', reason: failure }
  return { state: own?.ready === true ? 'running' : 'starting' }
}

/** Why a container does not come up; undefined while it runs, or is on its way. */
function failureOf({ name, state }: ContainerStatusLike): string | undefined {
  const all = isRecord(state) ? state : {}
  const { waiting, terminated } = all
  if (isRecord(waiting)) {
    const reason = text(waiting['reason'])
    return reason === undefined || ORDINARY.includes(reason) ? undefined : words(name, reason, waiting['message'])
  }
  // An init container has ended when it has done its work.
  if (!isRecord(terminated) || terminated['exitCode'] === 0) return undefined
  return words(name, text(terminated['reason']) ?? `exit code ${String(terminated['exitCode'])}`, terminated['message'])
}

function words(container: string, reason: string, message: unknown): string {
  const place = container === PROXY_CONTAINER ? '' : `${container}: `
  const more = text(message)
  return `${place}${reason}${more === undefined ? '' : `: ${more}`}`
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
