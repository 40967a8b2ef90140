import { sortRows, withDistinctKeys, type ConfigRow } from './config-row.ts'
import { at, messagesAt, numberAt, textAt } from './envoy-json.ts'
import { fingerprint } from './fingerprint.ts'
import { addressText } from './listeners.ts'

/** One row for each address of each cluster, from `/clusters?format=json`: what Envoy itself thinks of it. */
export function endpointRows(clusters: unknown): ConfigRow[] {
  const rows = messagesAt(clusters, 'cluster_statuses').flatMap((status): ConfigRow[] => {
    const cluster = textAt(status, 'name') ?? ''
    return messagesAt(status, 'host_statuses').map((host) => {
      const address = addressText(at(host, 'address'))
      const port = numberAt(host, 'address', 'socket_address', 'port_value') ?? ''
      const locality = ['region', 'zone', 'sub_zone'].flatMap((part) => textAt(host, 'locality', part) ?? []).join('/')
      const cells = {
        address,
        port,
        status: textAt(host, 'health_status', 'eds_health_status') ?? 'UNKNOWN',
        outlier: at(host, 'health_status', 'failed_outlier_check') === true ? 'FAILED' : 'OK',
        cluster,
        locality,
        weight: numberAt(host, 'weight') ?? 1,
      }
      return { key: `${cluster} ${address}:${port}`, cells, resource: cluster, fingerprint: fingerprint(cells) }
    })
  })
  return withDistinctKeys(sortRows(rows, ['address', 'port', 'cluster']))
}
