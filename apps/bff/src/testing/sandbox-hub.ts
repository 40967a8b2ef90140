import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeResource } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ClusterConnection,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { fleetNamed, kubeconfigOf, Sandbox, type Fleet } from '@meshdeck/sandbox'
import { parse } from 'yaml'
import { buildApp, type BffApp } from '../app.ts'
import type { BffOptions } from '../options.ts'

const CRDS = join(import.meta.dirname, '../../../../deploy/crds')

/** A simulated fleet whose cluster `hub` knows Meshdeck's kinds, and nothing of them yet. */
export interface SandboxHub {
  sandbox: Sandbox
  /** Of a cluster, as its owner. */
  client(cluster: string): ResourceClient
  /** Installs further kinds on the hub. */
  define(definitions: readonly KubeResource[]): Promise<void>
  /** Builds the app as production does; what is on the hub by then is read at once. */
  start(options?: Partial<BffOptions>): Promise<BffApp>
  /** Ends the app, the connections and the fleet. */
  close(): Promise<void>
}

/** A fleet, or the name of one. `onError` hears what goes wrong inside it. */
export async function startSandboxHub(
  fleet: string | Fleet,
  onError: (error: unknown) => void = () => undefined,
): Promise<SandboxHub> {
  const sandbox = await Sandbox.start({ fleet: typeof fleet === 'string' ? fleetNamed(fleet, 1) : fleet, onError })
  const text = kubeconfigOf(await Promise.all(sandbox.clusters.map((cluster) => cluster.ownerAccess())))
  const specOf = (context: string) => parseKubeconfig(text, { source: 'file', context })
  const connections: ClusterConnection[] = []
  const connect = (name: string): ClusterConnection => {
    const connection = createConnection(specOf(name), { name })
    connections.push(connection)
    return connection
  }
  const hub = connect('hub')
  for (const file of readdirSync(CRDS).toSorted()) {
    await hub.request({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: parse(readFileSync(join(CRDS, file), 'utf8')),
    })
  }
  let app: BffApp | undefined
  return {
    sandbox,
    client: (cluster) => createResourceClient(cluster === 'hub' ? hub : connect(cluster), STORED),
    async define(definitions) {
      const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
      for (const body of definitions) await hub.request({ method: 'POST', path, body })
    },
    async start(options = {}) {
      app = await buildApp({
        hub: { ...specOf('hub'), allowLoopback: true },
        kubeconfig: { text, directory: '/' },
        host: '127.0.0.1',
        modes: ['local'],
        basePath: '',
        ...options,
      })
      await app.ready()
      return app
    },
    async close() {
      await app?.close()
      await Promise.all(connections.map((connection) => connection.close()))
      await sandbox.stop()
    },
  }
}
