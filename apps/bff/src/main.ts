import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { SessionMode } from '@meshdeck/contract'
import { parseKubeconfig, readKubeconfigFile, type ClusterConnectionSpec } from '@meshdeck/kube-client'
import { LIMIT_SETTINGS, readLimits, type LimitFlag } from './lib/prometheus/governor/query-limits.ts'
import { BffOptionsError, type BffOptions } from './options.ts'
import { createLogger, listen } from './start.ts'

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

const LIMIT_FLAGS = Object.fromEntries(LIMIT_SETTINGS.map(({ flag }) => [flag, { type: 'string' }])) as Record<
  LimitFlag,
  { type: 'string' }
>

/** Each flag may come from the environment: `--base-path` as MESHDECK_BASE_PATH. */
const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string' },
    'hub-context': { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    'base-path': { type: 'string' },
    modes: { type: 'string' },
    'console-dir': { type: 'string' },
    'frame-ancestors': { type: 'string' },
    'log-level': { type: 'string' },
    helm: { type: 'string' },
    'istio-charts': { type: 'string' },
    ...LIMIT_FLAGS,
  },
})

type Setting = keyof typeof values | 'session-key' | 'open-metrics'

function setting(name: Setting): string | undefined {
  const flag = name === 'session-key' || name === 'open-metrics' ? undefined : values[name]
  // Compose files and charts pass on what nobody set as an empty text.
  return flag ?? (process.env[`MESHDECK_${name.replaceAll('-', '_').toUpperCase()}`] || undefined)
}

function listSetting(name: Setting): string[] | undefined {
  return setting(name)
    ?.split(/[\s,]+/)
    .filter((part) => part !== '')
}

function sources(): Pick<BffOptions, 'hub' | 'kubeconfig'> {
  const path = setting('kubeconfig')
  if (path === undefined) return { hub: inClusterSpec() }
  const kubeconfig = readKubeconfigFile(path)
  const context = setting('hub-context')
  const hub = parseKubeconfig(kubeconfig.text, {
    source: 'file',
    directory: kubeconfig.directory,
    ...(context === undefined ? {} : { context }),
  })
  return { hub, kubeconfig }
}

/** The cluster that we run in, as our own service account. */
function inClusterSpec(): ClusterConnectionSpec {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env
  if (host === undefined) throw new BffOptionsError('Give --kubeconfig FILE, or run in a cluster')
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port ?? '443'}`,
    caData: readFileSync(`${SERVICE_ACCOUNT}/ca.crt`, 'utf8'),
    tokenFile: `${SERVICE_ACCOUNT}/token`,
    insecureSkipTlsVerify: false,
    allowLoopback: false,
    contextName: 'in-cluster',
    warnings: [],
  }
}

function parseModes(names: readonly string[]): SessionMode[] {
  return names.map((name) => {
    if (name === 'local' || name === 'bearer') return name
    throw new BffOptionsError(`There is no mode ${name}; there are local and bearer`)
  })
}

function readOptions(): BffOptions {
  const given = sources()
  const optional = {
    consoleDir: setting('console-dir'),
    sessionKey: setting('session-key'),
    frameAncestors: listSetting('frame-ancestors'),
    openMetrics: setting('open-metrics') === undefined ? undefined : setting('open-metrics') === 'true',
  }
  const program = setting('helm')
  const charts = setting('istio-charts')
  return {
    ...given,
    queryLimits: readLimits(setting),
    helm: { ...(program === undefined ? {} : { program }), ...(charts === undefined ? {} : { charts }) },
    host: setting('host') ?? '127.0.0.1',
    modes: parseModes(listSetting('modes') ?? (given.kubeconfig ? ['local', 'bearer'] : ['bearer'])),
    basePath: (setting('base-path') ?? '').replace(/\/+$/, ''),
    logger: createLogger(setting('log-level')),
    ...(optional.consoleDir === undefined ? {} : { consoleDir: resolve(optional.consoleDir) }),
    ...(optional.sessionKey === undefined ? {} : { sessionKey: optional.sessionKey }),
    ...(optional.frameAncestors === undefined ? {} : { frameAncestors: optional.frameAncestors }),
    ...(optional.openMetrics === undefined ? {} : { openMetrics: optional.openMetrics }),
  }
}

try {
  const running = await listen(readOptions(), Number(setting('port') ?? 7080))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void running.close().then(() => process.exit(0)))
  }
} catch (error) {
  if (!(error instanceof Error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
