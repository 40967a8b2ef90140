/** `npm start [-- --kubeconfig FILE]`: prepares the hub, starts BFF and controller, and opens the console. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createLogger as createBffLogger, startBff, type SandboxOptions } from '@meshdeck/bff/start'
import { createLogger as createControllerLogger, startController } from '@meshdeck/controller/start'
import { createConnection, listContexts, parseKubeconfig, readKubeconfigFile } from '@meshdeck/kube-client'
import { FLEET_NAMES, openSandbox, type OpenSandbox, type SandboxState } from '@meshdeck/sandbox'
import { buildConsole } from './build-console.ts'
import { checkHub, prepareHub } from './prepare-hub.ts'
import { clusterNames, isLoopbackHost, parseStartOptions, UsageError } from './start-options.ts'
import { startFailure } from './start-failure.ts'

/** Ctrl-C comes twice: from the terminal, and handed on by scripts/bootstrap.mjs. Only a later one means "at once". */
const SAME_SIGNAL_MS = 1_000

const say = (line: string): void => console.log(`· ${line}`)

async function start(): Promise<void> {
  const options = parseStartOptions(process.argv.slice(2), process.env)
  await checkPort(options.host, options.port)
  if (!FLEET_NAMES.includes(options.fleet)) {
    throw new UsageError(`--fleet ${options.fleet}: there is no such fleet; there are ${FLEET_NAMES.join(', ')}`)
  }
  const sandbox =
    options.kubeconfig === undefined ? await openSandbox({ fleet: options.fleet, seed: options.seed }) : undefined
  if (sandbox) announce(sandbox)
  const kubeconfig = readKubeconfigFile(sandbox?.state.kubeconfig ?? options.kubeconfig ?? '')
  const prometheus = sandbox ? prometheusOf(sandbox.state) : options.prometheus
  const { names: contexts, current } = listContexts(kubeconfig.text)
  for (const context of options.prometheus.keys()) {
    if (!contexts.includes(context))
      throw new UsageError(`--prometheus ${context}: no such context; there are ${contexts.join(', ')}`)
  }
  if (current === undefined || current === '') {
    throw new UsageError(
      `${options.kubeconfig ?? ''} has no current-context, so there is no hub: kubectl config use-context NAME`,
    )
  }
  const hubSpec = parseKubeconfig(kubeconfig.text, { source: 'file', directory: kubeconfig.directory })
  for (const warning of hubSpec.warnings) say(`warning: ${warning.message}`)
  const hub = createConnection(hubSpec, { name: current })
  const onLoopback = isLoopbackHost(options.host)
  let consoleDir: string
  try {
    const version = await checkHub(hub)
    say(`hub: context ${current} at ${hubSpec.server} (Kubernetes ${version})`)
    consoleDir = await buildConsole()
    await prepareHub(
      hub,
      [...clusterNames(contexts)].map(([context, name]) => {
        const prometheusUrl = prometheus.get(context)
        return { name, context, ...(prometheusUrl === undefined ? {} : { prometheusUrl }) }
      }),
      say,
      sandbox?.state.meshes,
    )
  } finally {
    await hub.close()
  }

  // What matters to who sits here is said in words; MESHDECK_LOG_LEVEL=info shows every request and reconcile.
  const logLevel = process.env['MESHDECK_LOG_LEVEL'] || 'warn'
  const bff = await startBff({
    kubeconfigText: kubeconfig.text,
    kubeconfigDirectory: kubeconfig.directory,
    host: options.host,
    port: options.port,
    basePath: options.basePath,
    consoleDir,
    modes: onLoopback ? ['local', 'bearer'] : ['bearer'],
    helm: options.helm,
    ...(sandbox === undefined ? {} : { sandbox: sandboxOptions(sandbox.state, current) }),
    logger: createBffLogger(logLevel),
  })
  const controller = await startController({
    hub: hubSpec,
    kubeconfig,
    allowLoopback: onLoopback,
    logger: createControllerLogger(logLevel),
    helm: options.helm,
  })
  say('the controller looks at the clusters')
  if (!onLoopback) say('sign in with a token: kubectl create token SERVICE_ACCOUNT')
  say(`Meshdeck is at ${bff.url} (Ctrl-C stops it)`)
  if (options.open) openBrowser(bff.url)

  await askedToStop()
  say('stopping')
  await Promise.all([bff.close(), controller.stop()])
  await sandbox?.close()
  say('stopped')
}

function announce({ state, directory }: OpenSandbox): void {
  const [hub, cluster = hub] = state.clusters
  say(`sandbox: fleet ${state.fleet}, ${state.clusters.length} simulated clusters; nothing here is real`)
  say(`sandbox: kubectl --kubeconfig ${state.kubeconfig} get pods -A --context ${cluster?.name ?? ''}`)
  say(`sandbox: npm run sandbox -- fault ${cluster?.name ?? ''} down --directory ${directory}`)
  say('your own clusters: npm start -- --kubeconfig ~/.kube/config')
}

function prometheusOf({ clusters }: SandboxState): ReadonlyMap<string, string> {
  return new Map(
    clusters.flatMap(({ name, prometheusUrl }) =>
      prometheusUrl === undefined ? [] : [[name, prometheusUrl] as const],
    ),
  )
}

function sandboxOptions({ fleet, kubeconfig, people }: SandboxState, hub: string): SandboxOptions {
  return { fleet, kubeconfig, people: people.map(({ id, tokens }) => ({ id, token: tokens[hub] ?? '' })) }
}

/** Rejects when nobody could listen there: better now than after all the work. */
async function checkPort(host: string, port: number): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  await new Promise<void>((resolve) => server.close(() => resolve()))
}

function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (askedAt !== undefined && performance.now() - askedAt > SAME_SIGNAL_MS) process.exit(1)
        askedAt ??= performance.now()
        resolve()
      })
    }
  })
}

function openBrowser(url: string): void {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open'
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true })
  // No browser on this machine: the address is printed above.
  child.on('error', () => undefined)
  child.unref()
}

try {
  await start()
} catch (error) {
  console.error(startFailure(error))
  process.exitCode = 1
}
