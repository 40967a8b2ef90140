import { isRecord } from '@meshdeck/kube'
import { sortRows, withDistinctKeys, type ConfigRow } from '../config-row.ts'
import { at, messageAt, numberAt, textAt, textsAt, type Message } from '../envoy-json.ts'
import { fingerprint } from '../fingerprint.ts'
import { isObjectName, type ObjectOrigin } from '../object-origin.ts'
import { entriesAt, entryName, withoutNetwork } from './entries.ts'
import { waypointsOf, type FindWaypoint } from './waypoints.ts'

const HEALTHY = 'Healthy'

/** One row for each service that a ztunnel knows of. */
export function ztunnelServiceRows(dump: unknown): ConfigRow[] {
  const waypointOf = waypointsOf(dump)
  const healthy = new Set(
    entriesAt(dump, 'workloads').flatMap((workload) =>
      textAt(workload, 'status') === HEALTHY ? (textAt(workload, 'uid') ?? []) : [],
    ),
  )
  const rows = entriesAt(dump, 'services').map((service) => rowOf(service, waypointOf, healthy))
  return withDistinctKeys(sortRows(rows, ['namespace', 'name', 'host']))
}

function rowOf(service: Message, waypointOf: FindWaypoint, healthy: ReadonlySet<string>): ConfigRow {
  const name = textAt(service, 'name') ?? ''
  const namespace = textAt(service, 'namespace') ?? ''
  const host = textAt(service, 'hostname') ?? ''
  const waypoint = waypointOf(service)
  const key = entryName(service) ?? name
  const endpoints = entriesAt(service, 'endpoints')
  const reachable = endpoints.filter((each) => healthy.has(textAt(each, 'workload_uid') ?? '')).length
  const balancer = messageAt(service, 'load_balancer')
  const own = objectOf(name, namespace, host)
  return {
    key,
    cells: {
      name,
      namespace,
      host,
      address: textsAt(service, 'vips').map(withoutNetwork).join(', '),
      ports: portsOf(at(service, 'ports')),
      endpoints: `${reachable}/${endpoints.length}`,
      waypoint: waypoint?.text ?? '',
      balancing: [textAt(balancer, 'mode'), ...textsAt(balancer, 'routing_preferences')].filter(Boolean).join(', '),
    },
    links: {
      ...(own === undefined ? {} : { name: own }),
      ...(waypoint?.object === undefined ? {} : { waypoint: waypoint.object }),
    },
    resource: key,
    // How many endpoints are healthy is told by the workloads, and read here.
    fingerprint: fingerprint([service, reachable]),
  }
}

/** `80 → 8080, 443`; a target of 0 is one that each endpoint has of its own. */
function portsOf(ports: unknown): string {
  if (!isRecord(ports)) return ''
  return Object.keys(ports)
    .map((port) => {
      const target = numberAt(ports, port) ?? 0
      return target === 0 || String(target) === port ? port : `${port} → ${target}`
    })
    .join(', ')
}

function objectOf(name: string, namespace: string, host: string): ObjectOrigin | undefined {
  if (!isObjectName(name) || !isObjectName(namespace)) return undefined
  return { kind: host.startsWith(`${name}.${namespace}.svc.`) ? 'Service' : 'ServiceEntry', namespace, name }
}
