import { ClusterCondition, isRecord, type Cluster, type KubeResource } from '@meshdeck/kube'
import type {
  AccessAttributes,
  AddressPolicy,
  ClusterConnection,
  ClusterRegistry,
  Helm,
  ResourceClient,
} from '@meshdeck/kube-client'
import { readInventory } from '../probes/inventory.ts'
import { findOperator } from '../probes/operator.ts'
import { checkPermissions, type Permissions } from '../probes/permissions.ts'
import { probePrometheus } from '../probes/prometheus.ts'
import { lostCluster, reachCluster, stillReached } from '../probes/reach.ts'
import type { Outcome } from '../queue/work-queue.ts'
import type { Finding } from '../status/conditions.ts'
import { getIfThere } from '../status/get-if-there.ts'
import { writeStatus, type StatusWriter } from '../status/write-status.ts'
import { clusterStatus, type ClusterFindings } from './cluster-status.ts'

/** Rights that were complete are asked for again after this time; missing ones at every look. */
const RIGHTS_TTL_MS = 3_600_000

export interface ClusterReconcilerOptions extends StatusWriter {
  hub: ResourceClient
  registry: ClusterRegistry
  /** Where a Prometheus may be. */
  policy: AddressPolicy
  helm: Pick<Helm, 'check'>
  /** What is inside a cluster is read again after this time, changes or not; up to a quarter more or less. */
  resyncMs: number
  /** A cluster answers, over this connection. */
  onReached: (cluster: string, connection: ClusterConnection) => void
  /** A cluster does not answer any longer, or has left. */
  onLost: (cluster: string) => void
}

export interface ClusterReconciler {
  /** Looks at one cluster and keeps its status: whether it answers, what the credential may do, and what is in it. */
  handle(name: string, signal: AbortSignal): Promise<Outcome>
  /** The next look is to be a whole one: something inside may have changed. */
  expectChange(name: string): void
  /** Nothing of what was found holds any longer: the cluster is reached by another credential. */
  forget(name: string): void
}

/** What was found inside of a cluster when it was looked at as a whole. */
interface Known {
  credential: string
  findings: Omit<ClusterFindings, 'prometheus'>
  /** When the whole is looked at again; on the clock of `performance.now()`. */
  due: number
}

/**
 * Between two looks at the whole of a cluster, which changes bring about, it is only asked whether it still answers.
 */
export function createClusterReconciler(options: ClusterReconcilerOptions): ClusterReconciler {
  const { hub, registry } = options
  const knownClusters = new Map<string, Known>()
  const rightsChecked = new Map<string, { credential: string; at: number; permissions: Permissions }>()

  async function handle(name: string, signal: AbortSignal): Promise<Outcome> {
    const followed = registry.get(name)
    const known = knownClusters.get(name)
    const isFresh =
      followed !== undefined && known?.credential === credentialOf(followed) && performance.now() < known.due
    const cluster = isFresh ? followed : await getIfThere(hub, 'Cluster', { name }, signal)
    if (!cluster || !isCluster(cluster)) {
      forget(name)
      return 'gone'
    }
    // The registry connects by what it was told last; what a later spec asks for is not seen there yet.
    if (credentialOf(followed) !== credentialOf(cluster)) return 'retry'
    const [inside, prometheus] = await Promise.all([
      isFresh ? askAgain(cluster, known, signal) : lookInside(cluster, signal),
      probePrometheus(cluster.spec.prometheus, options, signal),
    ])
    const status = clusterStatus(cluster, { ...inside, prometheus }, new Date())
    const written = await writeStatus(options, 'Cluster', cluster, status, signal)
    return written === 'done' && inside.reachable.status !== 'True' ? 'retry' : written
  }

  async function askAgain({ metadata }: Cluster, { findings }: Known, signal: AbortSignal): Promise<Known['findings']> {
    const answer = await stillReached(registry, metadata.name, signal)
    if (!answer.reachable) return lost(metadata.name, answer.condition)
    // It is another one when the credential was read again.
    options.onReached(metadata.name, answer.connection)
    return findings
  }

  async function lookInside(cluster: Cluster, signal: AbortSignal): Promise<Known['findings']> {
    const { name } = cluster.metadata
    // What changes from here on may be missed by this look.
    const due = performance.now() + options.resyncMs * (0.75 + 0.5 * Math.random())
    knownClusters.delete(name)
    const reach = await reachCluster(registry, name, signal)
    if (!reach.reachable) return lost(name, reach.condition)
    const known: Known = {
      credential: credentialOf(cluster),
      findings: { reachable: reach.condition, permitted: notAsked(name) },
      due,
    }
    knownClusters.set(name, known)
    options.onReached(name, reach.connection)
    try {
      const [inventory, permitted, operator, helm] = await Promise.all([
        readInventory(reach.client, cluster.status, signal),
        checkRights(cluster, reach.client, signal),
        findOperator(reach.client, signal),
        helmFinding(options.helm),
      ])
      // Whoever waits for a right looks for it again soon.
      if (permitted.status !== 'True') known.due = 0
      known.findings = {
        reachable: reach.condition,
        permitted,
        operator,
        helm,
        inside: { ...inventory, version: reach.version },
      }
      return known.findings
    } catch (error) {
      // It answered a moment ago and went away in between.
      return lost(name, await lostCluster(registry, name, error, signal))
    }
  }

  async function checkRights(cluster: Cluster, client: ResourceClient, signal: AbortSignal): Promise<Finding> {
    const { name } = cluster.metadata
    const credential = credentialOf(cluster)
    const before = rightsChecked.get(name)
    const known = before?.credential === credential ? before : undefined
    if (known?.permissions.finding.status === 'True' && performance.now() - known.at < RIGHTS_TTL_MS)
      return known.permissions.finding
    const missing: readonly AccessAttributes[] = known?.permissions.missing ?? []
    const permissions = await checkPermissions(client, signal, missing)
    rightsChecked.set(name, { credential, at: performance.now(), permissions })
    return permissions.finding
  }

  function lost(name: string, reachable: Finding): Known['findings'] {
    forget(name)
    return { reachable, permitted: notAsked(name) }
  }

  function forget(name: string): void {
    knownClusters.delete(name)
    rightsChecked.delete(name)
    options.onLost(name)
  }

  return {
    handle,
    forget,
    expectChange: (name) => {
      const known = knownClusters.get(name)
      if (known !== undefined) known.due = 0
    },
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
