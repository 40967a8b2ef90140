import type { FindingView } from '@meshdeck/contract'
import { isRecord, readPath, type KubeResource } from '@meshdeck/kube'
import { protocolOfPort } from '@meshdeck/mesh'
import type { Document } from 'yaml'
import { removeAt, setAt } from '../../resource-kit/form/document-edits.ts'

/** A change of one Service that mends a finding, as the address of the editor carries it. */
export type Repair =
  | { repair: 'protocol'; protocol: string }
  | { repair: 'all-versions' }
  /** Makes ports, selector and session affinity those of the same service in cluster `like`. */
  | { repair: 'alike'; like: string }

type RepairName = Repair['repair']

/** Protocols that `appProtocol` may say. Source: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/ */
export const APP_PROTOCOLS = [
  'http',
  'http2',
  'https',
  'grpc',
  'grpc-web',
  'tcp',
  'tls',
  'mongo',
  'mysql',
  'redis',
] as const

const PROTOCOL_CODES: readonly string[] = ['IST0118', 'IST0150', 'MD0602']
/** Fields that a diagnosis compares between clusters and that can be changed in a Service that exists. */
const ALIKE_FIELDS = ['type', 'selector', 'sessionAffinity'] as const

/** What can be done about a finding by changing a Service, and in which cluster; nothing where no change is sure. */
export function repairsOf({
  kind,
  code,
  cluster,
  values,
}: FindingView): { cluster: string; repair: RepairName; like?: string }[] {
  if (kind !== 'Service') return []
  if (PROTOCOL_CODES.includes(code)) return [{ cluster, repair: 'protocol' }]
  if (code === 'MD2001') return [{ cluster, repair: 'all-versions' }]
  const { other } = values
  // What cannot be changed in place leaves nothing to propose.
  if (code !== 'IST0170' || other === undefined || values['differing'] === 'headless') return []
  return [
    { cluster: other, repair: 'alike', like: cluster },
    { cluster, repair: 'alike', like: other },
  ]
}

/** Reads a repair from an address; undefined when it is none, or not whole. */
export function readRepair({
  repair,
  protocol,
  like,
}: Readonly<Record<'repair' | 'protocol' | 'like', string>>): Repair | undefined {
  if (repair === 'all-versions') return { repair }
  if (repair === 'alike') return like === '' ? undefined : { repair, like }
  if (repair !== 'protocol') return undefined
  return APP_PROTOCOLS.some((each) => each === protocol) ? { repair, protocol } : undefined
}

/** Makes the change in the YAML of a Service. `like` is the one that it shall be as. */
export function applyRepair(document: Document, repair: Repair, service: KubeResource, like?: KubeResource): void {
  switch (repair.repair) {
    case 'all-versions':
      removeAt(document, ['spec', 'selector', 'version'], 2)
      return
    case 'protocol':
      for (const [at, port] of portsOf(service).entries()) {
        if (isUndeclared(port)) setAt(document, ['spec', 'ports', at, 'appProtocol'], repair.protocol)
      }
      return
    case 'alike':
      if (like !== undefined) makeAlike(document, service, like)
  }
}

function makeAlike(document: Document, service: KubeResource, like: KubeResource): void {
  const own = portsOf(service)
  const ports = portsOf(like).map((port) => {
    // A node's port was given by the cluster, and is nobody else's.
    const nodePort = own.find((each) => each['port'] === port['port'])?.['nodePort']
    const given = Object.entries(port).filter(([field]) => field !== 'nodePort')
    return { ...Object.fromEntries(given), ...(nodePort === undefined ? {} : { nodePort }) }
  })
  if (JSON.stringify(ports) !== JSON.stringify(own)) setAt(document, ['spec', 'ports'], ports)
  for (const field of ALIKE_FIELDS) {
    const value = readPath(like, `spec.${field}`)
    if (JSON.stringify(value) === JSON.stringify(readPath(service, `spec.${field}`))) continue
    if (value === undefined) removeAt(document, ['spec', field], 1)
    else setAt(document, ['spec', field], value)
  }
}

/** Ports of a Service as they are written. */
export function portsOf(service: KubeResource): Record<string, unknown>[] {
  const ports = readPath(service, 'spec.ports')
  return Array.isArray(ports) ? ports.filter(isRecord) : []
}

/** Whether neither `appProtocol` nor the name of a TCP port says a protocol that Istio knows. */
function isUndeclared(port: Record<string, unknown>): boolean {
  const { protocol } = port
  return (protocol === undefined || protocol === 'TCP') && protocolOfPort(port) === ''
}
