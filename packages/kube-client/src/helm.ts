import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRecord, type HelmRelease, type IstioChart, type KubeResource } from '@meshdeck/kube'
import { parseAllDocuments } from 'yaml'

/** Helm said no; the message is its own last words. */
export class HelmError extends Error {
  override readonly name = 'HelmError'
}

export interface HelmOptions {
  /** The program; `helm` on PATH by default. Helm 4. */
  program?: string
  /** Where Istio's charts are: `oci://…`, `https://…`, or a folder. */
  charts?: string
}

export interface HelmCall {
  kubeconfig: string
  signal: AbortSignal
}

export interface HelmPreview {
  /** The revision that it would be; above 1 the release is there already. */
  revision: number
  objects: KubeResource[]
}

export interface Helm {
  /** Whether the program runs, and what it says of itself or why not. */
  check(): Promise<{ ready: boolean; message: string }>
  /** Installs or upgrades a release. Throws `HelmError`. */
  upgrade(
    release: HelmRelease,
    labels: Readonly<Record<string, string>>,
    call: HelmCall & { charts?: string },
  ): Promise<void>
  /**
   * What `upgrade` would make, asked of the cluster and written nowhere: the objects as the charts give them, without
   * what Secrets hold. Throws `HelmError`, also for what Helm would not do (an object that belongs to somebody else).
   */
  preview(release: HelmRelease, call: HelmCall & { charts?: string }): Promise<HelmPreview>
  /** Throws `HelmError`; a release that is not there is no error. */
  uninstall(name: string, namespace: string, call: HelmCall): Promise<void>
}

/** One command takes seconds; one that waits for a registry that never answers must not hold a mesh for ever. */
const LIMIT_MS = 120_000
const KEPT_REVISIONS = 10
/** A program that is there stays there for a while. */
const CHECKED_MS = 60_000
/** Where a folder of charts has them: as they are published, or as Istio's source tree lays them out. */
const FOLDERS: Readonly<Record<IstioChart, readonly string[]>> = {
  base: ['base'],
  istiod: ['istiod', 'istio-control/istio-discovery'],
  cni: ['cni', 'istio-cni'],
  ztunnel: ['ztunnel'],
  gateway: ['gateway'],
}

/** Runs Helm as a program, each time with a home of its own that is gone afterwards. */
export function createHelm({ program = 'helm', charts: standardCharts }: HelmOptions): Helm {
  async function run(
    args: readonly string[],
    files: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<string> {
    const home = await mkdtemp(join(tmpdir(), 'meshdeck-helm-'))
    try {
      for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text, { mode: 0o600 })
      const env = {
        PATH: process.env['PATH'],
        HOME: home,
        HELM_CACHE_HOME: join(home, 'cache'),
        HELM_CONFIG_HOME: join(home, 'config'),
        HELM_DATA_HOME: join(home, 'data'),
        ...(files['kubeconfig'] === undefined ? {} : { KUBECONFIG: join(home, 'kubeconfig') }),
        ...proxySettings(),
      }
      return await execute(
        program,
        args.map((arg) => arg.replace('@home', home)),
        env,
        signal,
      )
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  }

  async function look(): Promise<{ ready: boolean; message: string }> {
    if (standardCharts === undefined)
      return {
        ready: false,
        message: 'Nobody said where Istio’s charts are: start with --istio-charts.',
      }
    try {
      const version = (await run(['version', '--template={{.Version}}'], {})).trim()
      return { ready: true, message: `Helm ${version} installs Istio from ${standardCharts}.` }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { ready: false, message: `Helm cannot be run (--helm ${program}): ${reason}` }
    }
  }

  let checkedAt = Number.NEGATIVE_INFINITY
  let checked: ReturnType<typeof look>

  return {
    check: () => {
      if (performance.now() - checkedAt > CHECKED_MS) {
        checkedAt = performance.now()
        checked = look()
      }
      return checked
    },
    upgrade: async (release, labels, { kubeconfig, signal, charts = standardCharts }) => {
      const labelList = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
      const args = [
        ...(await upgradeArguments(release, charts)),
        `--history-max=${KEPT_REVISIONS}`,
        `--labels=${labelList.join(',')}`,
      ]
      await run(args, { kubeconfig, 'values.json': JSON.stringify(release.values) }, signal)
    },
    preview: async (release, { kubeconfig, signal, charts = standardCharts }) => {
      const args = [
        ...(await upgradeArguments(release, charts)),
        '--dry-run=server',
        '--hide-secret',
        '--hide-notes',
        '--output=json',
      ]
      return readPreview(await run(args, { kubeconfig, 'values.json': JSON.stringify(release.values) }, signal))
    },
    uninstall: async (name, namespace, { kubeconfig, signal }) => {
      await run(
        ['uninstall', name, '--namespace', namespace, '--ignore-not-found', '--wait=hookOnly'],
        { kubeconfig },
        signal,
      )
    },
  }
}

async function upgradeArguments(
  { name, namespace, chart, version }: HelmRelease,
  charts: string | undefined,
): Promise<string[]> {
  if (charts === undefined) throw new HelmError('Nobody said where Istio’s charts are: set spec.controlPlane.charts')
  return [
    'upgrade',
    '--install',
    name,
    ...(await chartArguments(charts, chart, version)),
    `--namespace=${namespace}`,
    '--values=@home/values.json',
    // istiod writes into webhooks that its charts made; Helm's own three-way merge lets both be, server-side apply would refuse.
    '--server-side=false',
  ]
}

/** The boundary: what Helm prints of a release with `--output=json`. */
function readPreview(text: string): HelmPreview {
  const release: unknown = JSON.parse(text)
  if (!isRecord(release) || typeof release['manifest'] !== 'string')
    throw new HelmError('what it printed is no release; Helm 4 is needed')
  const documents = parseAllDocuments(release['manifest'])
  return {
    revision: Number(release['version'] ?? 1),
    objects: documents.map((each): unknown => each.toJS()).filter(isObject),
  }
}

function isObject(value: unknown): value is KubeResource {
  return (
    isRecord(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isRecord(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  )
}

/** How Helm is told of a chart of Istio's. `charts` is a registry, a repository or a folder. */
export async function chartArguments(charts: string, chart: IstioChart, version: string): Promise<string[]> {
  const source = charts.replace(/\/+$/, '')
  if (source.startsWith('oci://')) return [`${source}/${chart}`, '--version', version]
  if (/^https?:\/\//.test(source)) return [chart, '--repo', source, '--version', version]
  for (const folder of FOLDERS[chart]) {
    const path = join(source, folder)
    if (
      await stat(join(path, 'Chart.yaml')).then(
        (found) => found.isFile(),
        () => false,
      )
    )
      return [path]
  }
  throw new HelmError(`The folder ${source} has no chart ${chart}; looked for ${FOLDERS[chart].join(' and ')}`)
}

function proxySettings(): Record<string, string> {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy', 'SSL_CERT_FILE']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

function execute(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const options = { env, timeout: LIMIT_MS, maxBuffer: 16 * 1024 * 1024, ...(signal === undefined ? {} : { signal }) }
  execFile(program, args, options, (error, stdout, stderr) => {
    if (error === null) resolve(stdout)
    else if (signal?.aborted === true) reject(signal.reason)
    else if (error.code === 'ENOENT') reject(new HelmError(`there is no program ${program}`))
    else if (error.killed === true) reject(new HelmError(`it was not done within ${LIMIT_MS / 1000} s`))
    else reject(new HelmError(lastWords(stderr) || error.message))
  })
  return promise
}

/** Helm's error, without the warnings before it. */
function lastWords(stderr: string): string {
  const lines = stderr.trim().split('\n')
  const error = lines.findLastIndex((line) => line.startsWith('Error:'))
  return lines
    .slice(Math.max(error, 0))
    .join(' ')
    .replace(/^Error: /, '')
    .slice(0, 1_000)
}
