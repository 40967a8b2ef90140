import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { StatusError } from './status-error.ts'

const FIRST_NODE_PORT = 30_000
const LAST_NODE_PORT = 32_767

/** Cluster addresses (10.96.0.0/12, as kubeadm's default) and node ports of Services. */
export class ServiceAddresses {
  readonly #taken = new Set<string>(['10.96.0.1'])
  readonly #ports = new Set<number>()
  #next = 10
  #nextPort = FIRST_NODE_PORT

  /** @throws StatusError 422 when the address that was asked for is not free. */
  assign(service: KubeObject): KubeObject {
    const spec = recordAt(service, 'spec')
    if (spec['type'] === 'ExternalName') return service
    const asked = textAt(spec, 'clusterIP')
    if (asked === 'None') return { ...service, spec: { ...spec, clusterIPs: ['None'] } }
    const address = asked !== undefined && asked !== '' ? this.#claim(service, asked) : this.#free()
    return {
      ...service,
      spec: this.#withNodePorts({
        ...spec,
        clusterIP: address,
        clusterIPs: [address],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
      }),
    }
  }

  /** An update that leaves the address out keeps the old one, and a new type gets what it needs. */
  carryOver(service: KubeObject, old: KubeObject): KubeObject {
    const spec = recordAt(service, 'spec')
    const before = recordAt(old, 'spec')
    if (spec['type'] === 'ExternalName') return service
    if (before['clusterIP'] === undefined) return this.assign(service)
    const kept: Record<string, unknown> = { ...spec }
    for (const name of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
      if (kept[name] === undefined || kept[name] === '') kept[name] = before[name]
    }
    const oldPorts = new Map(listAt(before, 'ports').map((port) => [portKey(port), recordAt(port)['nodePort']]))
    const ports = listAt(kept, 'ports').map((port) => {
      const nodePort = oldPorts.get(portKey(port))
      return isRecord(port) && port['nodePort'] === undefined && nodePort !== undefined && spec['type'] !== 'ClusterIP'
        ? { ...port, nodePort }
        : port
    })
    return { ...service, spec: this.#withNodePorts({ ...kept, ports }) }
  }

  release(service: KubeObject): void {
    const spec = recordAt(service, 'spec')
    this.#taken.delete(String(spec['clusterIP']))
    for (const port of listAt(spec, 'ports')) this.#ports.delete(Number(recordAt(port)['nodePort']))
  }

  #withNodePorts(spec: Record<string, unknown>): Record<string, unknown> {
    if (spec['type'] !== 'NodePort' && spec['type'] !== 'LoadBalancer') return spec
    if (spec['allocateLoadBalancerNodePorts'] === false && spec['type'] === 'LoadBalancer') return spec
    const ports = listAt(spec, 'ports').map((port) =>
      isRecord(port) && port['nodePort'] === undefined ? { ...port, nodePort: this.#freePort() } : port,
    )
    return { ...spec, ports }
  }

  #claim(service: KubeObject, address: string): string {
    if (this.#taken.has(address)) {
      const why = `Invalid value: ["${address}"]: failed to allocate IP ${address}: provided IP is already allocated`
      throw new StatusError(422, 'Invalid', `Service "${service.metadata.name}" is invalid: spec.clusterIPs: ${why}`, {
        name: service.metadata.name,
        kind: 'Service',
        causes: [{ reason: 'FieldValueInvalid', message: why, field: 'spec.clusterIPs' }],
      })
    }
    this.#taken.add(address)
    return address
  }

  #free(): string {
    for (;;) {
      const number = this.#next++
      const address = `10.${96 + ((number >> 16) & 15)}.${(number >> 8) & 255}.${number & 255}`
      if (this.#taken.has(address)) continue
      this.#taken.add(address)
      return address
    }
  }

  #freePort(): number {
    for (let tries = FIRST_NODE_PORT; tries <= LAST_NODE_PORT; tries++) {
      const port = this.#nextPort
      this.#nextPort = port === LAST_NODE_PORT ? FIRST_NODE_PORT : port + 1
      if (this.#ports.has(port)) continue
      this.#ports.add(port)
      return port
    }
    throw new StatusError(500, 'InternalError', 'Internal error occurred: failed to allocate a nodePort: range is full')
  }
}

function portKey(port: unknown): string {
  return `${String(recordAt(port)['protocol'] ?? 'TCP')} ${String(recordAt(port)['port'])}`
}
