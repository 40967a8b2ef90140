import type { Cluster } from '../api/cluster.ts'
import { startClusterRoles } from './cluster-roles.ts'
import type { ControllerContext } from './controller-context.ts'
import { startDaemonSets } from './daemon-sets.ts'
import { startDefinitions } from './definitions.ts'
import { startDeployments } from './deployments.ts'
import { startDisruptionBudgets } from './disruption-budgets.ts'
import { startEndpointSlices } from './endpoint-slices.ts'
import { startGarbageCollection } from './garbage.ts'
import { startLoadBalancers } from './load-balancers.ts'
import { startNamespaces } from './namespaces.ts'
import { startPods } from './pods.ts'
import { startReplicaSets } from './replica-sets.ts'
import { startSailOperator } from '../sail/start-sail-operator.ts'
import { startStatefulSets } from './stateful-sets.ts'
import type { Peers } from '../istio/peers.ts'
import { startIstiod } from '../istio/start-istiod.ts'
import { startTokenSecrets } from './token-secrets.ts'
import type { IssueToken } from './token-secrets.ts'
import type { RootAuthority } from '../istio/start-istiod.ts'
import type { Pace } from './work-queue.ts'
import { WorkQueue } from './work-queue.ts'

export interface ControllersOptions {
  readonly cluster: Cluster
  /** PEM of the cluster's authority. */
  readonly authority: string
  /** By which the proxies of the cluster's mesh trust each other. */
  readonly meshRoot: RootAuthority
  readonly issueToken: IssueToken
  readonly peers: Peers
  readonly pace: Pace
  readonly random: () => number
  readonly onError: (error: unknown) => void
}

export interface Controllers {
  /** Resolves once there is nothing left to do at once. */
  settled(): Promise<void>
  stop(): void
}

/** Everything that acts in a cluster by itself. */
export function startControllers({
  cluster,
  authority,
  meshRoot,
  issueToken,
  peers,
  pace,
  random,
  onError,
}: ControllersOptions): Controllers {
  const queue = new WorkQueue(cluster.clock, pace, onError)
  const context: ControllerContext = { api: cluster, clock: cluster.clock, queue, pace, random }
  const stops = [
    startDefinitions(context),
    startNamespaces(context, authority, (namespace) => cluster.finalizeNamespace(namespace)),
    startClusterRoles(context),
    startGarbageCollection(context),
    startDeployments(context),
    startReplicaSets(context),
    startStatefulSets(context),
    startDaemonSets(context),
    startPods(context),
    startEndpointSlices(context),
    startLoadBalancers(context),
    startDisruptionBudgets(context),
    startSailOperator(context),
    startTokenSecrets(context, authority, issueToken),
    startIstiod(context, meshRoot, peers),
  ]
  return {
    settled: () => queue.settled(),
    stop: () => {
      for (const stop of stops) stop()
      queue.stop()
    },
  }
}
