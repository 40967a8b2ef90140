import { parseArgs } from 'node:util'
import { inClusterSpec, messageOf, parseKubeconfig, readKubeconfigFile } from '@meshdeck/kube-client'
import { createLogger } from './logger.ts'
import { startController, type StartControllerOptions } from './start.ts'

const OPTIONS = {
  kubeconfig: { type: 'string' },
  'hub-context': { type: 'string' },
  'metrics-port': { type: 'string' },
  'metrics-host': { type: 'string' },
  'log-level': { type: 'string' },
  helm: { type: 'string' },
  'istio-charts': { type: 'string' },
} as const

/** Each flag may come from the environment: `--metrics-port` as MESHDECK_METRICS_PORT. */
function setting(name: keyof typeof OPTIONS): string | undefined {
  const { values } = parseArgs({ options: OPTIONS })
  return values[name] ?? process.env[`MESHDECK_${name.replaceAll('-', '_').toUpperCase()}`]
}

/** The hub: a kubeconfig's context, or the cluster that we run in as our own service account. */
function readHub(): Pick<StartControllerOptions, 'hub' | 'kubeconfig'> {
  const path = setting('kubeconfig')
  if (path === undefined) {
    const hub = inClusterSpec()
    if (!hub) throw new Error('There is no hub: give --kubeconfig FILE, or run in a cluster')
    return { hub }
  }
  const kubeconfig = readKubeconfigFile(path)
  const context = setting('hub-context')
  const { directory } = kubeconfig
  const hub = parseKubeconfig(kubeconfig.text, { source: 'file', directory, ...(context ? { context } : {}) })
  return { hub, kubeconfig }
}

function readPort(): number {
  const port = Number(setting('metrics-port') ?? 7081)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--metrics-port must be a port number')
  return port
}

try {
  const metricsHost = setting('metrics-host')
  const program = setting('helm')
  const charts = setting('istio-charts')
  const running = await startController({
    ...readHub(),
    metricsPort: readPort(),
    ...(metricsHost === undefined ? {} : { metricsHost }),
    helm: { ...(program === undefined ? {} : { program }), ...(charts === undefined ? {} : { charts }) },
    logger: createLogger(setting('log-level')),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.stop().then(() => process.exit(0)))
  }
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exit(1)
}
