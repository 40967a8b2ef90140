import { ClusterCondition, isRecord, type Cluster, type KubeResource } from '@meshdeck/kube'
import type { AddressPolicy, ClusterRegistry, ResourceClient } from '@meshdeck/kube-client'
import { readInventory } from '../probes/inventory.ts'
import { findOperator } from '../probes/operator.ts'
import { checkPermissions } from '../probes/permissions.ts'
import { probePrometheus } from '../probes/prometheus.ts'
import { lostCluster, reachCluster } from '../probes/reach.ts'
import type { Helm } from '../helm/helm.ts'
import type { Outcome } from '../queue/work-queue.ts'
import type { Finding } from '../status/conditions.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { writeStatus, type StatusWriter } from '../status/write-status.ts'
import { clusterStatus, type ClusterFindings } from './cluster-status.ts'

/** Rights that were complete are asked for again after this time; missing ones at every look. */
const RIGHTS_TTL_MS = 300_000

export interface ClusterReconcilerOptions extends StatusWriter {
  hub: ResourceClient
  registry: ClusterRegistry
  /** Where a Prometheus may be. */
  policy: AddressPolicy
  helm: Pick<Helm, 'check'>
}

/** Looks at one cluster and keeps its status: whether it answers, what the credential may do, and what is in it. */
export function createClusterReconciler(options: ClusterReconcilerOptions) {
  const { hub, registry } = options
  const rightsChecked = new Map<string, { credential: string; at: number; finding: Finding }>()

  return async (name: string, signal: AbortSignal): Promise<Outcome> => {
    const cluster = await getIfThere(hub, 'Cluster', { name }, signal)
    if (!cluster || !isCluster(cluster)) {
      rightsChecked.delete(name)
      return 'gone'
    }
    // The registry connects by what it was told last; what a later spec asks for is not seen there yet.
    if (credentialOf(registry.get(name)) !== credentialOf(cluster)) return 'retry'
    const [inside, prometheus] = await Promise.all([
      lookInside(cluster, signal),
      probePrometheus(cluster.spec.prometheus, options, signal),
    ])
    const status = clusterStatus(cluster, { ...inside, prometheus }, new Date())
    const written = await writeStatus(options, 'Cluster', cluster, status, signal)
    return written === 'done' && inside.reachable.status !== 'True' ? 'retry' : written
  }

  async function lookInside(cluster: Cluster, signal: AbortSignal): Promise<Omit<ClusterFindings, 'prometheus'>> {
    const { name } = cluster.metadata
    const reach = await reachCluster(registry, name, signal)
    if (!reach.reachable) {
      rightsChecked.delete(name)
      return { reachable: reach.condition, permitted: notAsked(name) }
    }
    try {
      const [inventory, permitted, operator, helm] = await Promise.all([
        readInventory(reach.client, cluster.status, signal),
        checkRights(cluster, reach.client, signal),
        findOperator(reach.client, signal),
        helmFinding(options.helm),
      ])
      return { reachable: reach.condition, permitted, operator, helm, inside: { ...inventory, version: reach.version } }
    } catch (error) {
      // It answered a moment ago and went away in between.
      return { reachable: await lostCluster(registry, name, error, signal), permitted: notAsked(name) }
    }
  }

  async function checkRights(cluster: Cluster, client: ResourceClient, signal: AbortSignal): Promise<Finding> {
    const { name } = cluster.metadata
    const credential = credentialOf(cluster)
    const known = rightsChecked.get(name)
    if (known?.credential === credential && known.finding.status === 'True') {
      if (performance.now() - known.at < RIGHTS_TTL_MS) return known.finding
    }
    const finding = await checkPermissions(client, signal)
    rightsChecked.set(name, { credential, at: performance.now(), finding })
    return finding
  }
}

const notAsked = (name: string): Finding => ({
  type: 'Permitted',
  status: 'Unknown',
  reason: 'ClusterUnreachable',
  message: `Cluster ${name} cannot be asked which rights the credential has.`,
})

const credentialOf = (cluster: Cluster | undefined): string =>
  cluster === undefined ? '' : `${cluster.metadata.uid}/${cluster.metadata.generation}`

/** The boundary: the hub's schema promises the rest. */
function isCluster(object: KubeResource): object is Cluster {
  return isRecord(object.spec) && isRecord(object.spec['access'])
}

/** What Helm could do here; nothing where the controller has none. */
async function helmFinding(helm: Pick<Helm, 'check'>): Promise<Finding | undefined> {
  const { ready, message } = await helm.check()
  return ready ? { type: ClusterCondition.HelmReady, status: 'True', reason: 'Found', message } : undefined
}
