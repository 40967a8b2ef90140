import { readPath, type KubeResource, type MeshEngine } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { readList } from './read-list.ts'

/** What the controller last said of a way to install, in its own words. */
export interface EngineReport {
  ready: boolean
  message?: string
}

export interface EngineFacts {
  engine: MeshEngine
  /** Of Istio, without a leading `v`. */
  version: string
  /** What the record of the cluster says of Helm; absent while it says nothing. */
  helm?: EngineReport
  definitions: Fact<readonly KubeResource[]>
  deployments: Fact<readonly KubeResource[]>
}

const ISTIOS = 'istios.sailoperator.io'
/** The community's operator and Red Hat's build of it. */
const OPERATORS = ['sail-operator', 'servicemesh-operator3']
const VERSIONS = 'spec.versions.*.schema.openAPIV3Schema.properties.spec.properties.version.enum'

/** Whether what is to install Istio in a cluster is there and well. */
export function engineCheck(facts: EngineFacts): Check {
  return facts.engine === 'Helm' ? helmCheck(facts.helm) : sailCheck(facts)
}

function helmCheck(helm: EngineReport | undefined): Check {
  if (helm === undefined) return { id: 'engine', level: 'error', reason: 'helmUnset' }
  const params = helm.message === undefined ? {} : { params: { message: helm.message } }
  return helm.ready
    ? { id: 'engine', level: 'ok', reason: 'helmReady', ...params }
    : { id: 'engine', level: 'error', reason: 'helmNotReady', ...params }
}

function sailCheck({ definitions, deployments, version }: EngineFacts): Check {
  if (!isRead(definitions)) return unreadCheck('engine', definitions.unread)
  const istios = definitions.value.find(({ metadata }) => metadata.name === ISTIOS)
  if (istios === undefined) return { id: 'engine', level: 'error', reason: 'sailAbsent' }
  const offered = readList(istios, VERSIONS)
  if (offered.length > 0 && !offered.includes(`v${version}`))
    return { id: 'engine', level: 'error', reason: 'sailVersion', params: { version } }
  if (!isRead(deployments)) return unreadCheck('engine', deployments.unread)
  const operator = deployments.value.find(({ metadata }) => OPERATORS.includes(metadata.name))
  if (operator === undefined) return { id: 'engine', level: 'warning', reason: 'sailUnseen' }
  const params = { namespace: operator.metadata.namespace ?? '', name: operator.metadata.name }
  return Number(readPath(operator, 'status.readyReplicas') ?? 0) > 0
    ? { id: 'engine', level: 'ok', reason: 'sailReady', params }
    : { id: 'engine', level: 'error', reason: 'sailNotReady', params }
}
