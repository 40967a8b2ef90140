import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MESHDECK_NAMESPACE } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { fleetNamed, kubeconfigOf, Sandbox } from '@meshdeck/sandbox'
import { parse } from 'yaml'
import { createLogger } from '../logger.ts'
import { createMetrics } from '../metrics/controller-metrics.ts'
import { reconcileUntil, type ReconcileOptions } from '../reconcile.ts'

const CRDS = join(import.meta.dirname, '../../../../deploy/crds')

/** Simulated clusters without a mesh: a hub with Meshdeck's kinds, `east-1` and `west-1` with the Sail Operator. */
export interface SandboxFleet {
  sandbox: Sandbox
  hub: ResourceClient
  east: ResourceClient
  west: ResourceClient
  /** Of hub, east and west. */
  connections: readonly ClusterConnection[]
  /** Records a cluster on the hub. */
  join(name: string): Promise<unknown>
  /** Starts a controller, which looks at what did not change once a second unless told otherwise; the answer ends it. */
  control(options?: Partial<ReconcileOptions>): () => Promise<void>
  /** Ends all; throws when the sandbox has had an error. */
  stop(): Promise<void>
}

export async function startSandboxFleet(): Promise<SandboxFleet> {
  const errors: unknown[] = []
  const sandbox = await Sandbox.start({ fleet: fleetNamed('empty', 1), onError: (error) => errors.push(error) })
  const access = await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess()))
  const kubeconfig = { text: kubeconfigOf(access), directory: '/' }
  const connectionTo = (context: string): ClusterConnection =>
    createConnection(parseKubeconfig(kubeconfig.text, { source: 'file', context }), { name: context })
  const connections = [connectionTo('hub'), connectionTo('east-1'), connectionTo('west-1')] as const
  const [hub, east, west] = [
    createResourceClient(connections[0], STORED),
    createResourceClient(connections[1], STORED),
    createResourceClient(connections[2], STORED),
  ]
  for (const file of DEFINITIONS) {
    await connections[0].request({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: parse(readFileSync(join(CRDS, file), 'utf8')),
    })
  }
  await hub.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } })

  const running = new Set<() => Promise<void>>()
  return {
    sandbox,
    hub,
    east,
    west,
    connections,
    join: (name) =>
      hub.create('Cluster', {
        apiVersion: 'meshdeck.io/v1alpha1',
        kind: 'Cluster',
        metadata: { name },
        spec: { access: { kubeconfigContext: name } },
      }),
    control: (options = {}) => {
      const term = new AbortController()
      const ended = reconcileUntil(term.signal, {
        hub: connections[0],
        kubeconfig,
        policy: { allowLoopback: true },
        resyncMs: 1_000,
        logger: createLogger('silent'),
        metrics: createMetrics(),
        ...options,
      })
      const end = (): Promise<void> => {
        running.delete(end)
        term.abort()
        return ended
      }
      running.add(end)
      return end
    },
    stop: async () => {
      await Promise.all([...running].map((end) => end()))
      await Promise.all(connections.map((connection) => connection.close()))
      await sandbox.stop()
      if (errors.length > 0) throw new AggregateError(errors, 'the sandbox had errors')
    },
  }
}

const DEFINITIONS = ['meshdeck.io_clusters.yaml', 'meshdeck.io_meshes.yaml', 'meshdeck.io_restarts.yaml']
