import type { LogLevel, ProxyConfigRow, ProxyLogLevels } from '@meshdeck/contract'
import type { ResourceClient } from '@meshdeck/kube-client'
import {
  bootstrapRows,
  clusterRows,
  endpointRows,
  listenerRows,
  readSecrets,
  routeRows,
  withoutKeys,
  type ConfigRow,
  type ProxySection,
} from '@meshdeck/mesh/proxy-config'
import { ProblemError } from '../problem.ts'
import { certificateRows } from './certificate-rows.ts'

/** Envoy's administration listens on its pod's loopback only, on the port that Istio gives it. */
const ADMIN_PORT = 15_000
const DEADLINE_MS = 15_000

/** One proxy: the pod, and who asks. */
export interface Proxy {
  client: ResourceClient
  namespace: string
  pod: string
}

/** Parts of `/config_dump` that a section is read from. */
const PARTS: Readonly<Record<Exclude<ProxySection, 'endpoints'>, string>> = {
  listeners: 'ListenersConfigDump',
  routes: 'RoutesConfigDump',
  clusters: 'ClustersConfigDump',
  certificates: 'SecretsConfigDump',
  bootstrap: 'BootstrapConfigDump',
}

const READERS: Readonly<Record<Exclude<ProxySection, 'certificates'>, (config: unknown) => ConfigRow[]>> = {
  listeners: listenerRows,
  routes: routeRows,
  clusters: clusterRows,
  endpoints: endpointRows,
  bootstrap: bootstrapRows,
}

/** What a proxy has, in rows. Throws what the tunnel throws, and `ProblemError` when the answer is not Envoy's. */
export async function readSection(proxy: Proxy, section: ProxySection): Promise<ProxyConfigRow[]> {
  const config = await readConfig(proxy, section)
  return section === 'certificates' ? certificateRows(readSecrets(config), new Date()) : READERS[section](config)
}

/** Envoy's own JSON of a section, without private keys; throws as `readSection`. */
export async function readDump(proxy: Proxy, section: ProxySection): Promise<unknown> {
  const config = await readConfig(proxy, section)
  if (section === 'endpoints' || !isDump(config)) return config
  return config.configs.find((part) => String(part['@type']).endsWith(`.${PARTS[section]}`)) ?? {}
}

async function readConfig(proxy: Proxy, section: ProxySection): Promise<unknown> {
  const body = await ask(proxy, 'GET', section === 'endpoints' ? '/clusters?format=json' : '/config_dump')
  try {
    return withoutKeys(JSON.parse(body))
  } catch {
    throw notEnvoy(proxy, 'its configuration is no JSON')
  }
}

function isDump(config: unknown): config is { configs: Record<string, unknown>[] } {
  return typeof config === 'object' && config !== null && 'configs' in config && Array.isArray(config.configs)
}

/** The level of each logger. Envoy wants a POST for reading too. */
export async function readLogLevels(proxy: Proxy): Promise<ProxyLogLevels> {
  return parseLevels(proxy, await ask(proxy, 'POST', '/logging'))
}

/** Sets the level of one logger, or of all. Throws `ProblemError` (`invalid-input`) for a logger that Envoy does not have. */
export async function setLogLevel(proxy: Proxy, level: LogLevel, logger?: string): Promise<ProxyLogLevels> {
  const { loggers } = logger === undefined ? { loggers: [] } : await readLogLevels(proxy)
  if (logger !== undefined && !loggers.some(({ name }) => name === logger)) {
    const message = `must be one of this proxy’s loggers: ${loggers.map(({ name }) => name).join(', ')}`
    throw new ProblemError('invalid-input', `body: logger ${message}`, { fields: [{ field: 'logger', message }] })
  }
  return parseLevels(proxy, await ask(proxy, 'POST', `/logging?${logger ?? 'level'}=${level}`))
}

function parseLevels(proxy: Proxy, text: string): ProxyLogLevels {
  const loggers = [...text.matchAll(/^\s+([\w.-]+): (\w+)$/gm)].map(([, name = '', level = '']) => ({ name, level }))
  if (loggers.length === 0) throw notEnvoy(proxy, 'it names no loggers')
  return { loggers }
}

async function ask({ client, namespace, pod }: Proxy, method: 'GET' | 'POST', path: string): Promise<string> {
  const { status, body } = await client.requestPod({
    namespace,
    pod,
    port: ADMIN_PORT,
    method,
    path,
    timeoutMs: DEADLINE_MS,
  })
  if (status === 200) return body
  throw new ProblemError(
    'pod-unreachable',
    `The proxy of ${namespace}/${pod} answered ${status}: ${body.trim().slice(0, 200)}`,
    { params: { reason: 'bad-answer' } },
  )
}

const notEnvoy = ({ namespace, pod }: Proxy, why: string): ProblemError =>
  new ProblemError(
    'pod-unreachable',
    `What listens on port ${ADMIN_PORT} of ${namespace}/${pod} does not answer as Envoy does: ${why}`,
    { params: { reason: 'bad-answer' } },
  )
