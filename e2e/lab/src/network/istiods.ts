import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdir, open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPortPicker } from '../ports.ts'
import type { ApiObject, ClusterReader } from './cluster-reader.ts'

/** Ports of istiod as its chart declares them, and where they are on this machine. */
export const ISTIOD_PORTS = { http: 8080, webhook: 15017, grpc: 15010, secureGrpc: 15012, monitoring: 15014 } as const
type PortName = keyof typeof ISTIOD_PORTS

/** A pod of istiod that runs as a process. */
export interface Istiod {
  readonly cluster: string
  readonly namespace: string
  readonly pod: string
  readonly labels: Readonly<Record<string, string>>
  readonly ports: Readonly<Record<PortName, number>>
}

interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[]
}

/** Runs a real istiod for each pod of istiod that a cluster wants, with the settings that the pod says. */
export class Istiods {
  readonly #running = new Map<string, { istiod: Istiod; child: ChildProcess; home: string }>()
  readonly #dir: string
  readonly #program: string
  readonly #pick: () => Promise<number>

  constructor(dir: string, program: string) {
    this.#dir = dir
    this.#program = program
    this.#pick = createPortPicker(dir)
  }

  /** Brings the processes of a cluster in line with its pods. */
  async follow(cluster: string, kubeconfig: string, reader: ClusterReader): Promise<void> {
    const pods = await reader.list('/api/v1/pods?labelSelector=app%3Distiod')
    const wanted = new Map(pods.filter(isRunning).map((pod) => [`${cluster}/${pod.metadata.uid}`, pod]))
    for (const [key, { istiod, child, home }] of this.#running) {
      if (istiod.cluster === cluster && (!wanted.has(key) || child.exitCode !== null)) {
        this.#running.delete(key)
        child.kill('SIGTERM')
        await rm(home, { recursive: true, force: true })
      }
    }
    for (const [key, pod] of wanted) {
      if (!this.#running.has(key)) await this.#start(key, cluster, kubeconfig, pod, reader)
    }
  }

  /** The istiod behind a Service's selector. */
  find(cluster: string, namespace: string, selector: Readonly<Record<string, string>>): Istiod | undefined {
    return this.list().find(
      (istiod) =>
        istiod.cluster === cluster &&
        istiod.namespace === namespace &&
        Object.entries(selector).every(([name, value]) => istiod.labels[name] === value),
    )
  }

  /** The istiod of a cluster's namespace, whatever its revision. */
  ofNamespace(cluster: string, namespace: string): Istiod | undefined {
    return this.find(cluster, namespace, {})
  }

  list(): readonly Istiod[] {
    return [...this.#running.values()].map(({ istiod }) => istiod)
  }

  stop(): void {
    for (const { child } of this.#running.values()) child.kill('SIGTERM')
  }

  async #freePorts(): Promise<Record<PortName, number>> {
    const pick = this.#pick
    return {
      http: await pick(),
      webhook: await pick(),
      grpc: await pick(),
      secureGrpc: await pick(),
      monitoring: await pick(),
    }
  }

  async #start(key: string, cluster: string, kubeconfig: string, pod: ApiObject, reader: ClusterReader): Promise<void> {
    const { name, namespace = '', labels = {} } = pod.metadata
    const home = join(this.#dir, cluster, name)
    await mkdir(home, { recursive: true })
    const authority = await plugInAuthority(reader, namespace, home)
    const ports = await this.#freePorts()
    const at = (use: PortName): string => `127.0.0.1:${ports[use]}`
    const log = await open(join(home, 'log'), 'a', 0o600)
    const child = spawn(
      this.#program,
      [
        'istiod',
        'discovery',
        `--kubeconfig=${kubeconfig}`,
        '--domain=cluster.local',
        `--httpAddr=${at('http')}`,
        `--httpsAddr=${at('webhook')}`,
        `--grpcAddr=${at('grpc')}`,
        `--secureGRPCAddr=${at('secureGrpc')}`,
        `--monitoringAddr=${at('monitoring')}`,
        '--ctrlz_address=127.0.0.1',
        '--ctrlz_port=0',
      ],
      {
        cwd: home,
        env: {
          PATH: process.env['PATH'],
          HOME: home,
          ...settingsOf(pod),
          POD_NAME: name,
          POD_NAMESPACE: namespace,
          ENABLE_DEBUG_ON_HTTP: 'true',
          ENABLE_DEBUG_ENDPOINT_AUTH: 'false',
          ...(authority ? { ROOT_CA_DIR: home } : {}),
        },
        stdio: ['ignore', log.fd, log.fd],
      },
    )
    await log.close()
    this.#running.set(key, { istiod: { cluster, namespace, pod: name, labels, ports }, child, home })
  }
}

function isRunning({ metadata, status }: ApiObject): boolean {
  return metadata.deletionTimestamp === undefined && (status as { phase?: string } | undefined)?.phase === 'Running'
}

/** What the chart wrote into the pod, without what only makes sense in a container. */
function settingsOf(pod: ApiObject): Record<string, string> {
  const { containers = [] } = pod['spec'] as { containers?: readonly Container[] }
  const env = containers[0]?.env ?? []
  return Object.fromEntries(
    env.flatMap(({ name, value }) => (value === undefined || name === 'KUBECONFIG' ? [] : [[name, value]])),
  )
}

/** The Secret `cacerts`, which a pod would have mounted. */
async function plugInAuthority(reader: ClusterReader, namespace: string, home: string): Promise<boolean> {
  const secret = await reader.get(`/api/v1/namespaces/${namespace}/secrets/cacerts`)
  if (secret === undefined) return false
  for (const [name, value] of Object.entries((secret['data'] ?? {}) as Record<string, string>)) {
    await writeFile(join(home, name), Buffer.from(value, 'base64'), { mode: 0o600 })
  }
  return true
}
