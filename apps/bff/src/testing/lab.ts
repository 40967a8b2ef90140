import { readFileSync } from 'node:fs'
import { isRecord, type KubeResource } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  KubeStatusError,
  parseKubeconfig,
  STORED,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { buildApp, type BffApp } from '../app.ts'

const DIR = new URL('../../../../.lab/', import.meta.url)

/** The running lab, as its owner. */
export interface Lab {
  kubeconfigText: string
  token(person: 'admin' | 'editor' | 'viewer' | 'nobody'): string
  client(cluster: 'alpha' | 'beta'): ResourceClient
  close(): Promise<void>
}

/** Reads the lab's files; it must be up (`pnpm lab up`). */
export function openLab(): Lab {
  const read = (name: string): string => readFileSync(new URL(name, DIR), 'utf8')
  const kubeconfigText = read('kubeconfig')
  const tokens: unknown = JSON.parse(read('tokens.json'))
  const connections = (['alpha', 'beta'] as const).map(
    (context) => [context, createConnection(parseKubeconfig(kubeconfigText, { source: 'file', context }))] as const,
  )
  const clients = new Map<string, ResourceClient>(
    connections.map(([context, connection]) => [context, createResourceClient(connection, STORED)]),
  )
  return {
    kubeconfigText,
    token: (person) => (isRecord(tokens) ? String(tokens[person]) : ''),
    client: (cluster) => {
      const client = clients.get(cluster)
      if (client === undefined) throw new Error(`the lab has no cluster ${cluster}`)
      return client
    },
    close: async () => {
      await Promise.all(connections.map(([, connection]) => connection.close()))
    },
  }
}

/** The BFF over the lab, with alpha as its hub. */
export async function buildLabApp(lab: Lab, extraContexts: Readonly<Record<string, string>> = {}): Promise<BffApp> {
  const app = await buildApp({
    hub: parseKubeconfig(lab.kubeconfigText, { source: 'file', context: 'alpha' }),
    kubeconfig: { text: withContexts(lab.kubeconfigText, extraContexts), directory: '/' },
    host: '127.0.0.1',
    modes: ['local', 'bearer'],
    basePath: '',
  })
  await app.ready()
  return app
}

/** Writes an object as it must be, whatever is there. */
export async function ensure(client: ResourceClient, object: KubeResource): Promise<void> {
  await remove(client, object)
  await client.create(kindOf(object), object)
}

/** Removes an object, if it is there. */
export async function remove(client: ResourceClient, object: KubeResource): Promise<void> {
  const { name, namespace } = object.metadata
  try {
    await client.delete(kindOf(object), { name, ...(namespace === undefined ? {} : { namespace }) })
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
  }
}

function kindOf({ kind }: KubeResource) {
  switch (kind) {
    case 'Cluster':
    case 'Mesh':
    case 'Namespace':
    case 'VirtualService':
    case 'EnvoyFilter':
    case 'Deployment':
      return kind
    default:
      throw new Error(`no test needs a ${kind} yet`)
  }
}

/** Contexts at addresses where nobody listens: clusters that are switched off. */
function withContexts(text: string, contexts: Readonly<Record<string, string>>): string {
  const more = (list: string, entry: (name: string, server: string) => string): string =>
    Object.entries(contexts)
      .map(([name, server]) => entry(name, server))
      .join('') + list
  return text
    .replace(
      'clusters:\n',
      `clusters:\n${more('', (name, server) => `  - {name: ${name}, cluster: {server: "${server}"}}\n`)}`,
    )
    .replace(
      'contexts:\n',
      `contexts:\n${more('', (name) => `  - {name: ${name}, context: {cluster: ${name}, user: ${name}}}\n`)}`,
    )
    .replace('users:\n', `users:\n${more('', (name) => `  - {name: ${name}, user: {token: off}}\n`)}`)
}
