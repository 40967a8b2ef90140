/** `npm start [-- --kubeconfig FILE]`: prepares the hub, starts BFF and controller, and opens the console. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createLogger as createBffLogger, startBff } from '@meshdeck/bff/start'
import { createLogger as createControllerLogger, startController } from '@meshdeck/controller/start'
import { createConnection, listContexts, parseKubeconfig, readKubeconfigFile } from '@meshdeck/kube-client'
import { buildConsole } from './build-console.ts'
import { checkHub, prepareHub } from './prepare-hub.ts'
import { openSandbox } from './open-sandbox.ts'
import { clusterNames, isLoopbackHost, parseStartOptions, UsageError } from './start-options.ts'
import { startFailure } from './start-failure.ts'

/** Ctrl-C comes twice: from the terminal, and handed on by scripts/bootstrap.mjs. Only a later one means "at once". */
const SAME_SIGNAL_MS = 1_000

const say = (line: string): void => console.log(`· ${line}`)

async function start(): Promise<void> {
  const options = parseStartOptions(process.argv.slice(2), process.env)
  await checkPort(options.host, options.port)
  const sandbox =
    options.kubeconfig === undefined
      ? await openSandbox(options.fleet, (error) => console.error('the sandbox met what it had not thought of:', error))
      : undefined
  if (sandbox) {
    say(`sandbox: fleet ${options.fleet}, ${sandbox.clusterCount} simulated clusters; nothing here is real`)
    say(`sandbox: kubectl --kubeconfig ${sandbox.kubeconfigPath} get pods -A --context east-1`)
    say('your own clusters: npm start -- --kubeconfig ~/.kube/config')
  }
  const kubeconfig = sandbox?.kubeconfig ?? readKubeconfigFile(options.kubeconfig ?? '')
  const prometheus = sandbox?.prometheus ?? options.prometheus
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
      sandbox?.meshes,
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
    logger: createBffLogger(logLevel),
  })
  const controller = await startController({
    hub: hubSpec,
    kubeconfig,
    allowLoopback: onLoopback,
    logger: createControllerLogger(logLevel),
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
