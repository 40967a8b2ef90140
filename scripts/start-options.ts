import { isIP } from 'node:net'
import { parseArgs } from 'node:util'

export interface StartOptions {
  /** None: the embedded fleet is started. */
  kubeconfig: string | undefined
  fleet: string
  /** The same seed makes the same fleet. */
  seed: number
  port: number
  host: string
  open: boolean
  /** Prometheus address by context name. */
  prometheus: ReadonlyMap<string, string>
  basePath: string
  /** By which meshes of engine Helm are installed. */
  helm: { program?: string; charts?: string }
}

/** Thrown for a wrong command line; the message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const EMPTY_KUBECONFIG = `--kubeconfig has no value.

  npm start                           a fleet of simulated clusters, to try things on
  npm start -- --kubeconfig FILE      the contexts in FILE become clusters; its current context becomes the hub`

/** Reads the command line of \`npm start\`. Throws UsageError. */
export function parseStartOptions(args: readonly string[], env: NodeJS.ProcessEnv): StartOptions {
  const { values } = parse(args)
  const { kubeconfig, fleet = 'demo' } = values
  if (kubeconfig === '') {
    const hint = env['KUBECONFIG'] === undefined ? '' : `\nKUBECONFIG is set: npm start -- --kubeconfig "$KUBECONFIG"`
    throw new UsageError(EMPTY_KUBECONFIG + hint)
  }
  if (kubeconfig !== undefined && values.fleet !== undefined) {
    throw new UsageError(
      '--fleet and --kubeconfig: one or the other; a fleet is simulated, a kubeconfig leads to real clusters',
    )
  }
  if (kubeconfig !== undefined && values.seed !== undefined) {
    throw new UsageError('--seed goes with --fleet: it decides how a simulated fleet is made')
  }
  const seed = Number(values.seed ?? 1)
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
    throw new UsageError(`--seed ${values.seed}: a seed is a whole number from 0 to 4294967295`)
  }
  if (kubeconfig === undefined && values.prometheus !== undefined) {
    throw new UsageError('--prometheus goes with --kubeconfig; the embedded fleet has its own')
  }
  if (kubeconfig === undefined && !isLoopbackHost(values.host)) {
    throw new UsageError(`--host ${values.host}: the embedded fleet is for this machine only; leave --host out`)
  }
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port ${values.port}: a port is a whole number from 0 to 65535 (0 picks a free one)`)
  }
  const basePath = `/${values['base-path']}`.replaceAll(/\/+/g, '/').replace(/\/$/, '')
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(basePath))
    throw new UsageError(`--base-path ${values['base-path']}: not a URL path`)
  return {
    kubeconfig,
    fleet,
    seed,
    port,
    host: values.host,
    open: !values['no-open'],
    prometheus: new Map((values.prometheus ?? []).map(parsePrometheus)),
    basePath,
    helm: {
      ...(values.helm === undefined ? {} : { program: values.helm }),
      ...(values['istio-charts'] === undefined ? {} : { charts: values['istio-charts'] }),
    },
  }
}

/** Whether only this machine can reach a server there. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        kubeconfig: { type: 'string' },
        fleet: { type: 'string' },
        seed: { type: 'string' },
        port: { type: 'string', default: '7080' },
        host: { type: 'string', default: '127.0.0.1' },
        'base-path': { type: 'string', default: '' },
        helm: { type: 'string' },
        'istio-charts': { type: 'string' },
        prometheus: { type: 'string', multiple: true },
        'no-open': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function parsePrometheus(text: string): [string, string] {
  const [context, url] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]
  if (context === '' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--prometheus ${text}: write CONTEXT=URL, such as --prometheus prod=http://localhost:9090`)
  }
  return [context, url]
}

/** Names of clusters for contexts: DNS names, each once, as near to the context's own name as can be. */
export function clusterNames(contexts: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const context of contexts) {
    const base =
      context
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-+|-+$/g, '')
        .slice(0, 50)
        .replace(/-+$/, '') || 'cluster'
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`
    taken.add(name)
    names.set(context, name)
  }
  return names
}
