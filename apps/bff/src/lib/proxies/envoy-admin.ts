import type { ProxyConfigRow } from '@meshdeck/contract'
import {
  bootstrapRows,
  clusterRows,
  endpointRows,
  listenerRows,
  readSecrets,
  routeRows,
  type ConfigRow,
  type ProxySection,
} from '@meshdeck/mesh/proxy-config'
import { certificateRows } from './certificate-rows.ts'
import { readAdminJson, unexpectedAnswer, type Proxy } from './proxy-admin.ts'

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

/** What an Envoy has, in rows. Throws what the tunnel throws, and `ProblemError` when the answer is not Envoy's. */
export async function readEnvoySection(proxy: Proxy, section: ProxySection): Promise<ProxyConfigRow[]> {
  const config = await readConfig(proxy, section)
  return section === 'certificates' ? certificateRows(readSecrets(config), new Date()) : READERS[section](config)
}

/** Envoy's own JSON of a section, without private keys; throws as `readEnvoySection`. */
export async function readEnvoyDump(proxy: Proxy, section: ProxySection): Promise<unknown> {
  const config = await readConfig(proxy, section)
  if (section === 'endpoints' || !isDump(config)) return config
  return config.configs.find((part) => String(part['@type']).endsWith(`.${PARTS[section]}`)) ?? {}
}

async function readConfig(proxy: Proxy, section: ProxySection): Promise<unknown> {
  if (section === 'endpoints') return readAdminJson(proxy, '/clusters?format=json')
  const config = await readAdminJson(proxy, '/config_dump')
  if (isDump(config)) return config
  throw unexpectedAnswer(proxy, 'Envoy', 'its configuration has no `configs`')
}

function isDump(config: unknown): config is { configs: Record<string, unknown>[] } {
  return typeof config === 'object' && config !== null && 'configs' in config && Array.isArray(config.configs)
}
