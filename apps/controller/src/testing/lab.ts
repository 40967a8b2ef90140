import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { isRecord, MESHDECK_NAMESPACE } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  KubeStatusError,
  parseKubeconfig,
  STORED,
  type ClusterConnectionSpec,
  type ResourceClient,
} from '@meshdeck/kube-client'

const REPOSITORY = join(import.meta.dirname, '../../../..')

/**
 * The running lab, with **beta** as the hub: on alpha the BFF's tests keep their Clusters and Meshes, and whoever works
 * with `npm start` beside has a controller there that would write statuses, too.
 */
export interface LabHub {
  spec: ClusterConnectionSpec
  client: ResourceClient
  /** The owner's kubeconfig, with the contexts alpha and beta. */
  kubeconfig: { text: string; directory: string; path: string }
  prometheusUrl(cluster: 'alpha' | 'beta'): string
  /** How to reach alpha, as its owner or as an ordinary user. */
  alpha(person?: 'viewer'): ClusterConnectionSpec
  close(): Promise<void>
}

/** Opens the lab (`pnpm lab up`) and prepares its hub, as `npm start` would. */
export async function openLabHub(): Promise<LabHub> {
  const state: unknown = JSON.parse(readFileSync(join(REPOSITORY, '.lab/state.json'), 'utf8'))
  const path = readText(state, 'kubeconfig')
  const kubectl = (...args: string[]): string =>
    execFileSync(readText(state, 'bin', 'kubectl'), ['--kubeconfig', path, '--context', 'beta', ...args], {
      encoding: 'utf8',
    })
  const hadDefinitions = kubectl('get', 'crd', '--output=name').includes('clusters.meshdeck.io')
  kubectl('apply', '--server-side', '--filename', join(REPOSITORY, 'deploy/crds'))
  kubectl('wait', '--for=condition=Established', 'crd/clusters.meshdeck.io', 'crd/meshes.meshdeck.io', '--timeout=30s')

  const text = readFileSync(path, 'utf8')
  const spec = parseKubeconfig(text, { source: 'file', context: 'beta' })
  const connection = createConnection(spec, { name: 'hub' })
  const client = createResourceClient(connection, STORED)
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } }
  await client.apply('Namespace', namespace, { fieldManager: 'controller-test' })
  return {
    spec,
    client,
    kubeconfig: { text, directory: '/', path },
    prometheusUrl: (cluster) => {
      const clusters = isRecord(state) && Array.isArray(state['clusters']) ? state['clusters'] : []
      return readText(
        clusters.find((one) => isRecord(one) && one['name'] === cluster),
        'prometheusUrl',
      )
    },
    alpha: (person) => {
      const file = person === undefined ? path : readText(state, 'users', person, 'kubeconfig')
      return parseKubeconfig(readFileSync(file, 'utf8'), { source: 'file', context: 'alpha' })
    },
    close: async () => {
      await connection.close()
      if (!hadDefinitions) kubectl('delete', '--filename', join(REPOSITORY, 'deploy/crds'))
    },
  }
}

function readText(value: unknown, ...path: string[]): string {
  const found = path.reduce((at, key) => (isRecord(at) ? at[key] : undefined), value)
  if (typeof found !== 'string') throw new Error(`the lab's state has no ${path.join('.')}; is it up? (pnpm lab up)`)
  return found
}

/** Removes an object, if it is there. */
export async function removeFrom(
  client: ResourceClient,
  kind: 'Cluster' | 'Mesh' | 'Secret',
  name: string,
): Promise<void> {
  const ref = kind === 'Secret' ? { namespace: MESHDECK_NAMESPACE, name } : { name }
  await client.delete(kind, ref).catch((error: unknown) => {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
  })
}

/** A way to an API server that a test can cut and mend, while the API server itself goes on for others. */
export interface Wire {
  /** In place of the server's own address; its certificate is good for any port of 127.0.0.1. */
  readonly server: string
  /** Breaks all connections; new ones are refused. */
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function layWire(target: string): Promise<Wire> {
  const { hostname, port: targetPort } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(targetPort), hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  const listen = (at: number): Promise<void> =>
    new Promise((resolve) => server.listen(at, '127.0.0.1', () => resolve()))
  await listen(0)
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    server: `https://127.0.0.1:${port}`,
    cut: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    mend: () => listen(port),
  }
}
