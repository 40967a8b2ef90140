import { ClusterCondition, type Cluster, type KubeResource } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient, type ServerInfo } from '@meshdeck/kube-client'
import {
  detectIstio,
  ROOT_CONFIG_MAP,
  webhookServices,
  type AddressKind,
  type Fact,
  type HostFacts,
  type MemberFacts,
  type Right,
} from '@meshdeck/mesh'
import { readKind, toFact } from './read-fact.ts'

/** Time for all questions to one cluster together. */
export const PREFLIGHT_DEADLINE_MS = 8_000

type Objects = Fact<readonly KubeResource[]>

/** The Sail Operator and Red Hat's build of it, by the label of their Deployments. */
const OPERATOR_SELECTOR = 'control-plane in (sail-operator,servicemesh-operator3)'
/** Its schema names the versions that the operator can install. */
const SAIL_DEFINITION = 'istios.sailoperator.io'
const NODE_LEASES = 'kube-node-lease'

export interface HostQuestion {
  cluster: Cluster
  client: ResourceClient
  /** For all questions together. */
  deadlineMs: number
  /** Of the stored credential. */
  missingRights: Promise<Fact<readonly Right[]>>
  apiServer: Promise<Fact<AddressKind>>
  /** Other meshes that the cluster belongs to. */
  meshes: readonly string[]
}

/** What a cluster that is of the mesh already has to say to those that join. Never rejects. */
export async function readMember(cluster: string, client: ResourceClient, signal: AbortSignal): Promise<MemberFacts> {
  const [nodes, services, roots] = await Promise.all([
    readKind(client, 'Node', { signal }),
    readKind(client, 'Service', { signal }),
    readKind(client, 'ConfigMap', { fieldSelector: `metadata.name=${ROOT_CONFIG_MAP}`, signal }),
  ])
  return { cluster, nodes, services, roots }
}

/** All that is asked of a cluster in which something is to be installed. Rejects only when it does not answer at all. */
export async function readHost(question: HostQuestion): Promise<HostFacts> {
  const { cluster, client, deadlineMs, meshes } = question
  const signal = AbortSignal.timeout(deadlineMs)
  const info = await client.serverInfo({ timeoutMs: deadlineMs }).catch(allowRefused)
  const read = (kind: Parameters<typeof readKind>[1], options: Parameters<typeof readKind>[2] = {}): Promise<Objects> =>
    readKind(client, kind, { ...options, signal })
  const webhooks = Promise.all([read('MutatingWebhookConfiguration'), read('ValidatingWebhookConfiguration')])
  const [
    member,
    rights,
    apiServer,
    namespaces,
    pods,
    operators,
    istiods,
    leases,
    definitions,
    revisions,
    configured,
    slices,
  ] = await Promise.all([
    readMember(cluster.metadata.name, client, signal),
    question.missingRights,
    question.apiServer,
    read('Namespace'),
    read('Pod', { keep: keepPod }),
    read('Deployment', { labelSelector: OPERATOR_SELECTOR }),
    read('Deployment', { labelSelector: 'app=istiod' }),
    read('Lease', { namespace: NODE_LEASES }),
    readDefinitions(client, signal),
    read('IstioRevision'),
    webhooks,
    webhooks.then((found) => readSlices(found, read)),
  ])
  const [mutating, validating] = configured
  const helm = cluster.status?.conditions?.find(({ type }) => type === ClusterCondition.HelmReady)
  return {
    ...member,
    version: info.version === undefined ? { unread: 'failed' } : { value: info.version },
    clock:
      info.at === undefined || info.aheadMs === undefined
        ? { unread: 'failed' }
        : { value: { at: info.at, aheadMs: info.aheadMs } },
    missingRights: rights,
    apiServer,
    ...(helm === undefined ? {} : { helm: { ready: helm.status === 'True', message: helm.message } }),
    meshes,
    istiods: istiodsIn(istiods, mutating, revisions),
    namespaces,
    pods,
    deployments: operators,
    leases,
    definitions,
    mutating,
    validating,
    endpointSlices: slices,
  }
}

/** Who may not ask for the version has had an answer all the same. */
function allowRefused(error: unknown): ServerInfo {
  if (error instanceof KubeStatusError && error.httpStatus === 403) return {}
  throw error
}

function istiodsIn(deployments: Objects, webhooks: Objects, revisions: Objects): HostFacts['istiods'] {
  if ('unread' in deployments) return deployments
  if ('unread' in webhooks) return webhooks
  const known = 'value' in revisions ? revisions.value : []
  return { value: detectIstio({ deployments: deployments.value, webhooks: webhooks.value, revisions: known }) }
}

/** Of the Services behind webhooks only: others have nothing to do with admission, and there may be thousands. */
async function readSlices(
  configurations: readonly Objects[],
  read: (kind: 'EndpointSlice', options: { labelSelector: string }) => Promise<Objects>,
): Promise<Objects> {
  const names = webhookServices(configurations.flatMap((each) => ('value' in each ? each.value : [])))
  if (names.length === 0) return { value: [] }
  return read('EndpointSlice', { labelSelector: `kubernetes.io/service-name in (${names.join(',')})` })
}

const keepPod = ({ apiVersion, kind, metadata, spec, status }: KubeResource): KubeResource => ({
  apiVersion,
  kind,
  metadata: { name: metadata.name, namespace: metadata.namespace ?? '' },
  spec,
  status,
})

/** Who owns each; their schemas are large, and stay with the server save the one that is read. */
async function readDefinitions(client: ResourceClient, signal: AbortSignal): Promise<Objects> {
  const [all, sail] = await Promise.all([
    readKind(client, 'CustomResourceDefinition', { metadataOnly: true, signal }),
    toFact(client.get('CustomResourceDefinition', { name: SAIL_DEFINITION }, { signal })),
  ])
  if ('unread' in all || 'unread' in sail) return all
  return { value: all.value.map((each) => (each.metadata.name === SAIL_DEFINITION ? sail.value : each)) }
}
