import { isRecord, listAt, numberAt, recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import type { GatewayCondition } from './conditions.ts'
import { GROUP, isGranted } from './references.ts'
import type { Reader } from './references.ts'
import { supportedKinds } from './route-status.ts'

const FINE = 'No errors found'
const PROTOCOLS = new Set(['HTTP', 'HTTPS', 'TLS', 'TCP', 'HBONE'])

export interface GatewayStatus {
  readonly conditions: readonly GatewayCondition[]
  readonly addresses: readonly { readonly type: string; readonly value: string }[]
  readonly listeners: readonly ListenerStatus[]
}

export interface ListenerStatus {
  readonly name: string
  readonly supportedKinds: readonly { readonly group: string; readonly kind: string }[]
  readonly conditions: readonly GatewayCondition[]
}

/**
 * What istiod says of a Gateway. Source: https://gateway-api.sigs.k8s.io/reference/spec/#gatewaystatus; the words are
 * those that istiod was seen to write.
 *
 * @param service name of the Service that is made for it; none when the Gateway names the addresses itself.
 */
export function gatewayStatus(api: Reader, gateway: KubeObject, service: string | undefined): GatewayStatus {
  const listeners = listAt(gateway, 'spec', 'listeners').map((listener) => listenerStatus(api, gateway, listener))
  const valid = listeners.every(({ conditions }) =>
    conditions.every(({ type, status }) => (type === 'Conflicted' ? status === 'False' : status === 'True')),
  )
  const { programmed, addresses } = program(api, gateway, service)
  return {
    conditions: [
      valid
        ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'Resource accepted' }
        : {
            type: 'Accepted',
            status: 'True',
            reason: 'ListenersNotValid',
            message: "One or more of the Gateway's listeners are invalid",
          },
      programmed,
      { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: 'All references resolved' },
    ],
    addresses,
    listeners,
  }
}

function listenerStatus(api: Reader, gateway: KubeObject, listener: unknown): ListenerStatus {
  const protocol = textAt(listener, 'protocol') ?? ''
  const certificate = certificateProblem(api, gateway, listener)
  return {
    name: textAt(listener, 'name') ?? '',
    supportedKinds: supportedKinds(listener).map((kind) => ({ group: GROUP, kind })),
    conditions: [
      PROTOCOLS.has(protocol)
        ? { type: 'Accepted', status: 'True', reason: 'Accepted', message: FINE }
        : {
            type: 'Accepted',
            status: 'False',
            reason: 'UnsupportedProtocol',
            message: `protocol "${protocol}" is unsupported`,
          },
      { type: 'Conflicted', status: 'False', reason: 'NoConflicts', message: FINE },
      certificate === undefined
        ? { type: 'Programmed', status: 'True', reason: 'Programmed', message: FINE }
        : { type: 'Programmed', status: 'False', reason: 'Invalid', message: 'Bad TLS configuration' },
      certificate ?? { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs', message: FINE },
    ],
  }
}

/** What is wrong with the certificates of a listener that ends TLS. */
function certificateProblem(api: Reader, gateway: KubeObject, listener: unknown): GatewayCondition | undefined {
  const own = gateway.metadata.namespace ?? ''
  const tls = recordAt(listener, 'tls')
  if ((textAt(tls, 'mode') ?? 'Terminate') !== 'Terminate') return undefined
  for (const ref of listAt(tls, 'certificateRefs')) {
    const name = textAt(ref, 'name') ?? ''
    const namespace = textAt(ref, 'namespace') ?? own
    const to = { group: '', kind: 'Secret', namespace, name }
    const wrong = (reason: string, message: string): GatewayCondition => ({
      type: 'ResolvedRefs',
      status: 'False',
      reason,
      message,
    })
    if (!isGranted(api, { from: { kind: 'Gateway', namespace: own }, to })) {
      return wrong(
        'RefNotPermitted',
        `certificateRef ${name}/${namespace} not accessible to a Gateway in namespace "${own}" (missing a ReferenceGrant?)`,
      )
    }
    const shown = `/Secret/${name}.${textAt(ref, 'namespace') ?? ''}`
    const secret = api.get('secrets', namespace, name)
    if (secret === undefined) {
      return wrong(
        'InvalidCertificateRef',
        `invalid certificate reference ${shown}, secret ${namespace}/${name} not found`,
      )
    }
    const data = recordAt(secret, 'data')
    if (textAt(data, 'tls.crt') === undefined || textAt(data, 'tls.key') === undefined) {
      return wrong(
        'InvalidCertificateRef',
        `invalid certificate reference ${shown}, found secret, but didn't have expected keys tls.crt and tls.key`,
      )
    }
  }
  return undefined
}

/** Whether somebody serves the Gateway's ports at an address. */
function program(
  api: Reader,
  gateway: KubeObject,
  service: string | undefined,
): { programmed: GatewayCondition; addresses: GatewayStatus['addresses'] } {
  const namespace = gateway.metadata.namespace ?? ''
  const hosts =
    service === undefined
      ? listAt(gateway, 'spec', 'addresses').map((address) => textAt(address, 'value') ?? '')
      : [`${service}.${namespace}.svc.cluster.local`]
  const ports = [...new Set(listAt(gateway, 'spec', 'listeners').map((listener) => numberAt(listener, 'port') ?? 0))]
  const assigned: string[] = []
  const problems: string[] = []
  const addresses: { type: string; value: string }[] = []
  for (const host of hosts) {
    const [name = '', at = namespace] = host.split('.')
    const found = api.get('services', at, name)
    if (found === undefined || at !== namespace) {
      problems.push(
        found === undefined
          ? `hostname "${host}" not found`
          : `hostname "${host}" not found in namespace "${namespace}", but it was found in namespace(s) "${at}"`,
      )
      continue
    }
    const given = addressesOf(found)
    if (given.length === 0) problems.push(`address pending for hostname "${host}"`)
    addresses.push(...given)
    for (const port of ports) {
      const served = listAt(found, 'spec', 'ports').some((each) => numberAt(each, 'port') === port)
      if (served) assigned.push(`${host}:${port}`)
      else problems.push(`port ${port} not found for hostname "${host}"`)
    }
  }
  const services = inWords(assigned.toSorted())
  if (problems.length === 0) {
    const message = `Resource programmed, assigned to service(s) ${services}`
    return { programmed: { type: 'Programmed', status: 'True', reason: 'Programmed', message }, addresses }
  }
  const reason = service === undefined ? 'AddressNotUsable' : 'AddressNotAssigned'
  const message =
    assigned.length === 0
      ? `Failed to assign to any requested addresses: ${problems.join('; ')}`
      : `Assigned to service(s) ${services}, but failed to assign to all requested addresses: ${problems.join('; ')}`
  return { programmed: { type: 'Programmed', status: 'False', reason, message }, addresses }
}

function addressesOf(service: KubeObject): { type: string; value: string }[] {
  const name = `${service.metadata.name}.${service.metadata.namespace ?? ''}.svc.cluster.local`
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return [{ type: 'Hostname', value: name }]
  return listAt(service, 'status', 'loadBalancer', 'ingress')
    .filter(isRecord)
    .flatMap((ingress) => {
      const ip = textAt(ingress, 'ip')
      if (ip !== undefined) return [{ type: 'IPAddress', value: ip }]
      const hostname = textAt(ingress, 'hostname')
      return hostname === undefined ? [] : [{ type: 'Hostname', value: hostname }]
    })
}

/** `a`, `a and b`, `a, b, and c`. */
function inWords(items: readonly string[]): string {
  if (items.length < 3) return items.join(' and ')
  return `${items.slice(0, -1).join(', ')}, and ${items.at(-1)}`
}
