import { MESHDECK_API_VERSION, type Cluster, type KubeResource, type Mesh } from '@meshdeck/kube'
import type { ClusterConnectionSpec } from '@meshdeck/kube-client'
import { buildApp, type BffApp } from '../app.ts'
import type { BffOptions } from '../options.ts'
import type { FakeCluster } from './fake-cluster.ts'

/** Headers of a browser's own write. */
export const CSRF = { 'x-meshdeck-csrf': '1' }
/** What a loopback browser calls us. */
export const LOCAL = { host: 'localhost:7080' }

/** A kubeconfig whose contexts are fake clusters, the first one current. */
export function kubeconfigOf(contexts: Readonly<Record<string, string>>): string {
  const names = Object.keys(contexts)
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': names[0],
    clusters: names.map((name) => ({ name, cluster: { server: contexts[name] } })),
    users: names.map((name) => ({ name, user: { token: 'stored-token' } })),
    contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
  })
}

/** Builds the app as production does, with a fake hub and the given contexts. Waits until the hub's records are read. */
export async function buildTestApp(
  hub: FakeCluster,
  contexts: Readonly<Record<string, string>> = {},
  options: Partial<BffOptions> = {},
): Promise<BffApp> {
  const app = await buildApp({
    hub: specOf(hub.url),
    kubeconfig: { text: kubeconfigOf({ hub: hub.url, ...contexts }), directory: '/' },
    host: '127.0.0.1',
    modes: ['local', 'bearer'],
    basePath: '',
    ...options,
  })
  await app.ready()
  return app
}

function specOf(server: string): ClusterConnectionSpec {
  return {
    server,
    token: 'stored-token',
    insecureSkipTlsVerify: false,
    allowLoopback: true,
    contextName: 'hub',
    warnings: [],
  }
}

export function clusterRecord(name: string, context: string = name): Cluster {
  return {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Cluster',
    metadata: { name },
    spec: { access: { kubeconfigContext: context } },
  }
}

export function meshRecord(name: string, clusters: readonly string[], spec: Partial<Mesh['spec']> = {}): Mesh {
  const [first = '', ...rest] = clusters
  return {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Mesh',
    metadata: { name },
    spec: {
      mode: 'External',
      controlPlane: { cluster: first },
      members: rest.map((cluster) => ({ cluster })),
      ...spec,
    },
  }
}

export function namespaceRecord(name: string, labels: Record<string, string> = {}): KubeResource {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

export function virtualService(namespace: string, name: string, more: Record<string, unknown> = {}): KubeResource {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace, name },
    spec: { hosts: [name] },
    ...more,
  }
}
