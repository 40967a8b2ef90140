import type { ClusterStatus, DetectedIstio, KindId, KubeResource, Platform } from '@meshdeck/kube'
import { KubeStatusError, type ListOptions, type ResourceClient } from '@meshdeck/kube-client'
import { detectIstio } from '@meshdeck/mesh'

/** What was found in a cluster. A part that the credential may not read is undefined. */
export interface Inventory {
  clusterUid: string | undefined
  nodes: number | undefined
  istio: DetectedIstio[] | undefined
  platform: Platform | undefined
}

/** What the API server failed to give: a conversion webhook that is down, too many requests. */
const FAILED = Symbol('failed')
type Answer<T> = T | undefined | typeof FAILED

/**
 * Reads what a Cluster's status tells of its inside. A part that the API server fails to give stays as it was before.
 * Throws when the cluster stops answering.
 */
export async function readInventory(
  client: ResourceClient,
  before: ClusterStatus | undefined,
  signal: AbortSignal,
): Promise<Inventory> {
  const [system, nodes, deployments, webhooks, revisions, groups] = await Promise.all([
    unlessRefused(client.get('Namespace', { name: 'kube-system' }, { signal })),
    unlessRefused(client.list('Node', { limit: 1, signal })),
    read('Deployment', { labelSelector: 'app=istiod' }),
    read('MutatingWebhookConfiguration'),
    read('IstioRevision'),
    unlessRefused(client.apiGroups({ signal })),
  ])
  return {
    clusterUid: system === FAILED ? before?.clusterUid : system?.metadata.uid,
    nodes: nodes === FAILED ? before?.nodes : nodes && nodes.items.length + (nodes.metadata.remainingItemCount ?? 0),
    istio: istioIn(deployments, webhooks, revisions, before?.istio),
    platform: groups === FAILED || groups === undefined ? before?.platform : platformOf(groups),
  }

  async function read(kind: KindId, options: ListOptions = {}): Promise<Answer<KubeResource[]>> {
    const list = await unlessRefused(client.listAll(kind, { ...options, signal }))
    return list === FAILED ? FAILED : list?.items
  }
}

/** OpenShift serves groups that nobody else does. Source: https://docs.openshift.com/container-platform/latest/rest_api/ */
const OPENSHIFT_GROUPS = ['config.openshift.io', 'route.openshift.io']

const platformOf = (groups: readonly string[]): Platform =>
  groups.some((group) => OPENSHIFT_GROUPS.includes(group)) ? 'OpenShift' : 'Kubernetes'

function istioIn(
  deployments: Answer<KubeResource[]>,
  webhooks: Answer<KubeResource[]>,
  revisions: Answer<KubeResource[]>,
  before: DetectedIstio[] | undefined,
): DetectedIstio[] | undefined {
  if (deployments === FAILED || webhooks === FAILED) return before
  // Without Deployments there is no telling an istiod in the cluster from one outside.
  if (deployments === undefined) return undefined
  // What the operator adds is detail; a broken one must not hide the istiod that runs.
  return detectIstio({
    deployments,
    webhooks: webhooks ?? [],
    revisions: revisions === FAILED || revisions === undefined ? [] : revisions,
  })
}

/** `undefined` for what one may not read, and for kinds that are not installed. */
async function unlessRefused<T>(answer: Promise<T>): Promise<Answer<T>> {
  try {
    return await answer
  } catch (error) {
    // 401 is about the credential as a whole, so it is the cluster's matter, not this part's.
    if (!(error instanceof KubeStatusError) || error.httpStatus === 401) throw error
    return error.httpStatus === 403 || error.httpStatus === 404 ? undefined : FAILED
  }
}
