/** Columns of built-in kinds between name and age. Source: k8s.io/kubernetes/pkg/printers/internalversion. */
import { isRecord, listAt, numberAt, recordAt, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { ageOf } from './age.ts'
import { podCells } from './pod-cells.ts'
import type { Column } from './render-table.ts'

const NONE = '<none>'

const text = (name: string, value: Column['value'], priority = 0): Column => ({ name, type: 'string', priority, value })
const count = (name: string, value: (object: KubeObject) => number): Column => ({
  name,
  type: 'integer',
  priority: 0,
  value,
})
const number = (object: unknown, ...path: readonly string[]): number => numberAt(object, ...path) ?? 0

const WORKLOAD_WIDE: readonly Column[] = [
  text(
    'Containers',
    (object) =>
      containers(object)
        .map((item) => textAt(item, 'name'))
        .join(','),
    1,
  ),
  text(
    'Images',
    (object) =>
      containers(object)
        .map((item) => textAt(item, 'image'))
        .join(','),
    1,
  ),
  text('Selector', (object) => selectorText(recordAt(object, 'spec')['selector']), 1),
]

export const BUILTIN_COLUMNS: Readonly<Record<ResourceKey, readonly Column[]>> = {
  pods: [
    text('Ready', (pod) => podCells(pod).ready),
    text('Status', (pod) => podCells(pod).status),
    text('Restarts', (pod, now) => podCells(pod).restarts(now)),
    text('IP', (pod) => textAt(pod, 'status', 'podIP') ?? NONE, 1),
    text('Node', (pod) => textAt(pod, 'spec', 'nodeName') ?? NONE, 1),
    text('Nominated Node', (pod) => textAt(pod, 'status', 'nominatedNodeName') ?? NONE, 1),
    text('Readiness Gates', () => NONE, 1),
  ],
  'apps/deployments': [
    text('Ready', (object) => `${number(object, 'status', 'readyReplicas')}/${number(object, 'spec', 'replicas')}`),
    count('Up-to-date', (object) => number(object, 'status', 'updatedReplicas')),
    count('Available', (object) => number(object, 'status', 'availableReplicas')),
    ...WORKLOAD_WIDE,
  ],
  'apps/replicasets': [
    count('Desired', (object) => number(object, 'spec', 'replicas')),
    count('Current', (object) => number(object, 'status', 'replicas')),
    count('Ready', (object) => number(object, 'status', 'readyReplicas')),
    ...WORKLOAD_WIDE,
  ],
  'apps/statefulsets': [
    text('Ready', (object) => `${number(object, 'status', 'readyReplicas')}/${number(object, 'spec', 'replicas')}`),
    ...WORKLOAD_WIDE.slice(0, 2),
  ],
  'apps/daemonsets': [
    count('Desired', (object) => number(object, 'status', 'desiredNumberScheduled')),
    count('Current', (object) => number(object, 'status', 'currentNumberScheduled')),
    count('Ready', (object) => number(object, 'status', 'numberReady')),
    count('Up-to-date', (object) => number(object, 'status', 'updatedNumberScheduled')),
    count('Available', (object) => number(object, 'status', 'numberAvailable')),
    text('Node Selector', (object) => mapText(recordAt(object, 'spec', 'template', 'spec', 'nodeSelector'))),
    ...WORKLOAD_WIDE,
  ],
  services: [
    text('Type', (object) => textAt(object, 'spec', 'type') ?? ''),
    text('Cluster-IP', (object) => textAt(object, 'spec', 'clusterIP') ?? NONE),
    text('External-IP', externalAddress),
    text('Port(s)', (object) => servicePorts(object)),
    text('Selector', (object) => mapText(recordAt(object, 'spec', 'selector')), 1),
  ],
  namespaces: [text('Status', (object) => textAt(object, 'status', 'phase') ?? '')],
  nodes: [
    text('Status', nodeStatus),
    text('Roles', (object) => nodeRoles(object)),
    text('Version', (object) => textAt(object, 'status', 'nodeInfo', 'kubeletVersion') ?? '', 0),
  ],
  configmaps: [
    count(
      'Data',
      (object) => Object.keys(recordAt(object, 'data')).length + Object.keys(recordAt(object, 'binaryData')).length,
    ),
  ],
  secrets: [
    text('Type', (object) => textAt(object, 'type') ?? ''),
    count('Data', (object) => Object.keys(recordAt(object, 'data')).length),
  ],
  serviceaccounts: [count('Secrets', (object) => listAt(object, 'secrets').length)],
  endpoints: [text('Endpoints', (object) => endpointsText(object))],
  'discovery.k8s.io/endpointslices': [
    text('AddressType', (object) => textAt(object, 'addressType') ?? ''),
    text('Ports', (object) =>
      few(
        listAt(object, 'ports').map((port) => String(recordAt(port)['port'])),
        '<unset>',
      ),
    ),
    text('Endpoints', (object) =>
      few(
        listAt(object, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String)),
        '<unset>',
      ),
    ),
  ],
  'rbac.authorization.k8s.io/rolebindings': [text('Role', roleText)],
  'rbac.authorization.k8s.io/clusterrolebindings': [text('Role', roleText)],
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': [
    count('Webhooks', (object) => listAt(object, 'webhooks').length),
  ],
  'admissionregistration.k8s.io/validatingwebhookconfigurations': [
    count('Webhooks', (object) => listAt(object, 'webhooks').length),
  ],
  'coordination.k8s.io/leases': [text('Holder', (object) => textAt(object, 'spec', 'holderIdentity') ?? '')],
  'batch/jobs': [
    text('Status', (object) => jobStatus(object)),
    text(
      'Completions',
      (object) => `${number(object, 'status', 'succeeded')}/${number(object, 'spec', 'completions')}`,
    ),
    text('Duration', (object, now) =>
      ageOf(textAt(object, 'status', 'startTime'), Date.parse(textAt(object, 'status', 'completionTime') ?? '') || now),
    ),
  ],
  'policy/poddisruptionbudgets': [
    text('Min Available', (object) => String(recordAt(object, 'spec')['minAvailable'] ?? 'N/A')),
    text('Max Unavailable', (object) => String(recordAt(object, 'spec')['maxUnavailable'] ?? 'N/A')),
    count('Allowed Disruptions', (object) => number(object, 'status', 'disruptionsAllowed')),
  ],
}

export const EVENT_COLUMNS: readonly Column[] = [
  text('Last Seen', (object, now) => ageOf(textAt(object, 'lastTimestamp') ?? textAt(object, 'eventTime'), now)),
  text('Type', (object) => textAt(object, 'type') ?? ''),
  text('Reason', (object) => textAt(object, 'reason') ?? ''),
  text('Object', (object) => {
    const { kind, name } = recordAt(object, 'involvedObject')
    return `${String(kind).toLowerCase()}/${String(name)}`
  }),
  text('Message', (object) => textAt(object, 'message')?.trim() ?? ''),
]

function containers(object: KubeObject): readonly unknown[] {
  return listAt(object, 'spec', 'template', 'spec', 'containers')
}

function selectorText(selector: unknown): string {
  return mapText(recordAt(selector, 'matchLabels'))
}

function mapText(map: Record<string, unknown>): string {
  const pairs = Object.entries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${String(value)}`)
  return pairs.length === 0 ? NONE : pairs.join(',')
}

function externalAddress(service: KubeObject): string {
  const spec = recordAt(service, 'spec')
  if (spec['type'] === 'ExternalName') return textAt(spec, 'externalName') ?? ''
  const own = listAt(spec, 'externalIPs').map(String)
  if (spec['type'] !== 'LoadBalancer') return own.length === 0 ? NONE : own.join(',')
  const given = listAt(service, 'status', 'loadBalancer', 'ingress').map(
    (item) => textAt(item, 'ip') ?? textAt(item, 'hostname') ?? '',
  )
  const all = [...given, ...own]
  return all.length === 0 ? '<pending>' : all.join(',')
}

function servicePorts(service: KubeObject): string {
  const ports = listAt(service, 'spec', 'ports').map((port) => {
    const { port: own, nodePort, protocol } = recordAt({ port }, 'port')
    return `${String(own)}${nodePort === undefined ? '' : `:${String(nodePort)}`}/${String(protocol)}`
  })
  return ports.length === 0 ? NONE : ports.join(',')
}

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready')
  const parts = [ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady']
  if (recordAt(node, 'spec')['unschedulable'] === true) parts.push('SchedulingDisabled')
  return parts.join(',')
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/'
  const roles = Object.keys(node.metadata.labels ?? {}).filter((label) => label.startsWith(prefix))
  return roles.length === 0
    ? NONE
    : roles
        .map((label) => label.slice(prefix.length))
        .toSorted()
        .join(',')
}

function endpointsText(endpoints: KubeObject): string {
  const all = listAt(endpoints, 'subsets').flatMap((subset) =>
    listAt(subset, 'addresses').flatMap((address) =>
      listAt(subset, 'ports').map((port) => `${textAt(address, 'ip') ?? ''}:${String(recordAt(port)['port'])}`),
    ),
  )
  return few(all, NONE)
}

/** Three at most, and how many more there are. */
function few(items: readonly string[], none: string): string {
  if (items.length === 0) return none
  const shown = items.slice(0, 3).join(',')
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown
}

function roleText(binding: KubeObject): string {
  const { kind, name } = recordAt(binding, 'roleRef')
  return `${String(kind)}/${String(name)}`
}

function jobStatus(job: KubeObject): string {
  const conditions = listAt(job, 'status', 'conditions').filter(isRecord)
  const done = conditions.find((condition) => condition['status'] === 'True')
  return done === undefined ? 'Running' : String(done['type'])
}
