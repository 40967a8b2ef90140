import type { ObjectOrigin } from './object-origin.ts'

/** What a proxy has, in the order in which it is looked at. */
export const PROXY_SECTIONS = ['listeners', 'routes', 'clusters', 'endpoints', 'certificates', 'bootstrap'] as const
export type ProxySection = (typeof PROXY_SECTIONS)[number]

/** What a ztunnel has; no name is also one of Envoy's, so that a section tells which program is asked. */
export const ZTUNNEL_SECTIONS = ['workloads', 'services', 'policies', 'workload-certificates', 'settings'] as const
export type ZtunnelSection = (typeof ZTUNNEL_SECTIONS)[number]

export type ConfigSection = ProxySection | ZtunnelSection

export function isZtunnelSection(section: string): section is ZtunnelSection {
  return ZTUNNEL_SECTIONS.some((each) => each === section)
}

/** One line of a section. Numbers are such by which one would sort: ports, weights. */
export interface ConfigRow {
  /** Tells it apart within its section, and is the same in another proxy. */
  key: string
  cells: Readonly<Record<string, string | number>>
  /** The Istio object that made it. */
  origin?: ObjectOrigin
  /** Objects that cells name, by column. */
  links?: Readonly<Record<string, ObjectOrigin>>
  /** Name of what it is part of in the proxy's own JSON. */
  resource: string
  /** Changes with anything in its part of the proxy's JSON. */
  fingerprint: string
}

/** Columns of each section, with the meaning that `istioctl proxy-config` and `istioctl ztunnel-config` give them. */
export const SECTION_COLUMNS: Readonly<Record<ConfigSection, readonly string[]>> = {
  listeners: ['address', 'port', 'match', 'destination', 'state'],
  routes: ['name', 'domains', 'match', 'destination', 'virtualHost'],
  clusters: ['host', 'port', 'subset', 'direction', 'type'],
  endpoints: ['address', 'port', 'status', 'outlier', 'cluster', 'locality', 'weight'],
  certificates: ['name', 'type', 'subject', 'identity', 'valid', 'notAfter', 'notBefore', 'serial'],
  bootstrap: ['setting', 'value'],
  workloads: [
    'name',
    'namespace',
    'workload',
    'address',
    'protocol',
    'status',
    'waypoint',
    'node',
    'serviceAccount',
    'policies',
    'meshCluster',
  ],
  services: ['name', 'namespace', 'address', 'ports', 'endpoints', 'waypoint', 'balancing', 'host'],
  policies: ['name', 'namespace', 'action', 'scope', 'rules'],
  'workload-certificates': ['identity', 'type', 'certificateState', 'valid', 'notAfter', 'notBefore', 'serial'],
  settings: ['setting', 'value'],
}

/** Gives the keys of lines that say the same of themselves a number, in their order. */
export function withDistinctKeys(rows: readonly ConfigRow[]): ConfigRow[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const count = (seen.get(row.key) ?? 0) + 1
    seen.set(row.key, count)
    return count === 1 ? row : { ...row, key: `${row.key} #${count}` }
  })
}

/** Made once: a configuration may have tens of thousands of lines. */
const byText = new Intl.Collator('en', { numeric: true })

/** By the cells of these columns, numbers as such. */
export function sortRows(rows: readonly ConfigRow[], columns: readonly string[]): ConfigRow[] {
  return rows.toSorted((a, b) => {
    for (const column of columns) {
      const [left = '', right = ''] = [a.cells[column], b.cells[column]]
      const order =
        typeof left === 'number' && typeof right === 'number'
          ? left - right
          : byText.compare(String(left), String(right))
      if (order !== 0) return order
    }
    return 0
  })
}
