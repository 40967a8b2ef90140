import type { ProxyConfigRow } from '@meshdeck/contract'
import { isRecord } from '@meshdeck/kube'
import {
  entriesAt,
  ztunnelCertificateRows,
  ztunnelPolicyRows,
  ztunnelServiceRows,
  ztunnelSettingRows,
  ztunnelWorkloadRows,
  type ConfigRow,
  type ZtunnelSection,
} from '@meshdeck/mesh/proxy-config'
import { readAdminJson, unexpectedAnswer, type Proxy } from './proxy-admin.ts'

const READERS: Readonly<Record<ZtunnelSection, (dump: unknown) => ConfigRow[]>> = {
  workloads: ztunnelWorkloadRows,
  services: ztunnelServiceRows,
  policies: ztunnelPolicyRows,
  'workload-certificates': (dump) => ztunnelCertificateRows(dump, new Date()),
  settings: ztunnelSettingRows,
}

/** What a ztunnel has, in rows. Throws what the tunnel throws, and `ProblemError` when the answer is not ztunnel's. */
export async function readZtunnelSection(proxy: Proxy, section: ZtunnelSection): Promise<ProxyConfigRow[]> {
  return READERS[section](await readDump(proxy))
}

/** ztunnel's own JSON of a section, as a list of entries, without private keys; throws as `readZtunnelSection`. */
export async function readZtunnelDump(proxy: Proxy, section: ZtunnelSection): Promise<unknown> {
  const dump = await readDump(proxy)
  if (section === 'settings') return { config: dump['config'], version: dump['version'] }
  return entriesAt(dump, section === 'workload-certificates' ? 'certificates' : section)
}

async function readDump(proxy: Proxy): Promise<Record<string, unknown>> {
  const dump = await readAdminJson(proxy, '/config_dump')
  if (isRecord(dump) && 'workloads' in dump && 'services' in dump) return dump
  throw unexpectedAnswer(proxy, 'ztunnel', 'its configuration has no `workloads` and `services`')
}
