import { sortRows, withDistinctKeys, type ConfigRow } from './config-row.ts'
import { at, configPart, innerMessages, messagesAt, textAt, type Message } from './envoy-json.ts'
import { fingerprint } from './fingerprint.ts'
import { originOf } from './object-origin.ts'

/** One row for each cluster; its name is direction, port, subset and host, where Istio made it. */
export function clusterRows(dump: unknown): ConfigRow[] {
  const part = configPart(dump, 'ClustersConfigDump')
  const clusters = ['dynamic_active_clusters', 'dynamic_warming_clusters', 'static_clusters'].flatMap((kind) =>
    innerMessages(messagesAt(part, kind), 'cluster'),
  )
  return withDistinctKeys(sortRows(clusters.map(rowOf), ['host', 'subset', 'port', 'direction']))
}

function rowOf(cluster: Message): ConfigRow {
  const name = textAt(cluster, 'name') ?? ''
  const { direction, port, subset, host } = readClusterName(name)
  const origin = originOf(at(cluster, 'metadata'))
  // Static is the default, and defaults are left out of the JSON.
  const type = textAt(cluster, 'type') ?? textAt(cluster, 'cluster_type', 'name') ?? 'STATIC'
  return {
    key: name,
    cells: { host, port, subset, direction, type },
    ...(origin === undefined ? {} : { origin }),
    resource: name,
    fingerprint: fingerprint(cluster),
  }
}

/** The parts of `outbound|8080|v1|reviews.shop.svc.cluster.local`; other names are hosts by themselves. */
export function readClusterName(name: string): {
  direction: string
  port: string | number
  subset: string
  host: string
} {
  const [direction = '', port = '', subset = '', host] = name.split('|')
  if (host === undefined) return { direction: '', port: '', subset: '', host: name }
  return { direction, port: port === '' ? '' : Number(port), subset, host }
}
