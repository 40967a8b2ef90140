import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:https'

/** What the network sees of a Kubernetes object; the rest is as the API server says it. */
export interface ApiObject {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly deletionTimestamp?: string
    readonly uid?: string
  }
  readonly [field: string]: unknown
}

/** Reads one cluster as its owner. */
export interface ClusterReader {
  list(path: string): Promise<readonly ApiObject[]>
  /** Nothing when there is no such object. */
  get(path: string): Promise<ApiObject | undefined>
  patch(path: string, body: unknown): Promise<void>
}

/** @param kubeconfig Path of a kubeconfig of one cluster, as the lab writes it: one `key: value` a line, all inline. */
export async function clusterReader(kubeconfig: string): Promise<ClusterReader> {
  const text = await readFile(kubeconfig, 'utf8')
  const field = (name: string): string => new RegExp(`\\b${name}: (\\S+)`).exec(text)?.[1] ?? ''
  const decode = (name: string): Buffer => Buffer.from(field(name), 'base64')
  const server = field('server')
  const agent = new Agent({
    keepAlive: true,
    ca: decode('certificate-authority-data'),
    cert: decode('client-certificate-data'),
    key: decode('client-key-data'),
  })

  function call(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>()
    const headers = body === undefined ? {} : { 'content-type': 'application/merge-patch+json' }
    const outgoing = request(`${server}${path}`, { method, agent, headers, timeout: 5_000 }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
    })
    outgoing.on('error', reject)
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 5 s')))
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    return promise
  }

  async function read(path: string): Promise<unknown> {
    const { status, text } = await call('GET', path)
    if (status === 404) return undefined
    if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 200)}`)
    return JSON.parse(text)
  }

  return {
    list: async (path) => ((await read(path)) as { items: readonly ApiObject[] } | undefined)?.items ?? [],
    get: async (path) => (await read(path)) as ApiObject | undefined,
    patch: async (path, body) => {
      const { status, text } = await call('PATCH', path, body)
      if (status !== 200) throw new Error(`${path}: ${status} ${text.slice(0, 200)}`)
    },
  }
}
