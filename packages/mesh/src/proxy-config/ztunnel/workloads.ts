import { sortRows, withDistinctKeys, type ConfigRow } from '../config-row.ts'
import { textAt, textsAt, type Message } from '../envoy-json.ts'
import { fingerprint } from '../fingerprint.ts'
import { isObjectName, type ObjectOrigin } from '../object-origin.ts'
import { entriesAt, entryName } from './entries.ts'
import { waypointsOf, type FindWaypoint } from './waypoints.ts'

const ENTRY = /^[^/]*\/networking\.istio\.io\/(WorkloadEntry|ServiceEntry)\/([^/]+)\/([^/]+)/
const WORKLOAD_KINDS: Readonly<Record<string, 'Deployment' | 'DaemonSet' | 'StatefulSet'>> = {
  deployment: 'Deployment',
  daemonset: 'DaemonSet',
  statefulset: 'StatefulSet',
}

/** One row for each workload that a ztunnel knows of, which are those of the whole mesh. */
export function ztunnelWorkloadRows(dump: unknown): ConfigRow[] {
  const waypointOf = waypointsOf(dump)
  const rows = entriesAt(dump, 'workloads').map((workload) => rowOf(workload, waypointOf))
  return withDistinctKeys(sortRows(rows, ['namespace', 'name', 'node']))
}

function rowOf(workload: Message, waypointOf: FindWaypoint): ConfigRow {
  const name = textAt(workload, 'name') ?? ''
  const namespace = textAt(workload, 'namespace') ?? ''
  const addresses = textsAt(workload, 'workload_ips')
  const waypoint = waypointOf(workload)
  const uid = entryName(workload) ?? name
  const own = entryOf(uid)
  const workloadObject = workloadOf(workload, namespace)
  return {
    key: uid,
    cells: {
      name,
      namespace,
      workload: textAt(workload, 'workload_name') ?? '',
      address: addresses.length === 0 ? (textAt(workload, 'hostname') ?? '') : addresses.join(', '),
      protocol: textAt(workload, 'protocol') ?? '',
      status: textAt(workload, 'status') ?? '',
      waypoint: waypoint?.text ?? '',
      node: textAt(workload, 'node') ?? '',
      serviceAccount: textAt(workload, 'service_account') ?? '',
      policies: textsAt(workload, 'authorization_policies').join(', '),
      meshCluster: textAt(workload, 'cluster_id') ?? '',
    },
    links: {
      ...(own === undefined ? {} : { name: own }),
      ...(workloadObject === undefined ? {} : { workload: workloadObject }),
      ...(waypoint?.object === undefined ? {} : { waypoint: waypoint.object }),
    },
    resource: uid,
    fingerprint: fingerprint(workload),
  }
}

/** What is no pod, by the identifier that istiod gives it: `cluster/networking.istio.io/WorkloadEntry/namespace/name`. */
function entryOf(uid: string): ObjectOrigin | undefined {
  const [, kind, namespace = '', name = ''] = ENTRY.exec(uid) ?? []
  if (kind !== 'WorkloadEntry' && kind !== 'ServiceEntry') return undefined
  return isObjectName(namespace) && isObjectName(name) ? { kind, namespace, name } : undefined
}

function workloadOf(workload: Message, namespace: string): ObjectOrigin | undefined {
  const kind = WORKLOAD_KINDS[textAt(workload, 'workload_type')?.toLowerCase() ?? '']
  const name = textAt(workload, 'workload_name') ?? ''
  return kind !== undefined && isObjectName(namespace) && isObjectName(name) ? { kind, namespace, name } : undefined
}
