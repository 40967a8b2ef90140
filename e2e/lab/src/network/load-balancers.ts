import type { ApiObject, ClusterReader } from './cluster-reader.ts'

interface ServiceStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] }
}

/** The Service behind an address that was given out. */
export interface Balanced {
  readonly cluster: string
  readonly service: ApiObject
}

/** Gives Services of type LoadBalancer an address of 198.51.100.0/24 (RFC 5737: documentation), and remembers whose it is. */
export class LoadBalancers {
  readonly #given = new Map<string, Balanced>()
  #next = 10

  async follow(cluster: string, services: readonly ApiObject[], reader: ClusterReader): Promise<void> {
    for (const service of services) {
      const { type } = service['spec'] as { type?: string }
      if (type !== 'LoadBalancer') continue
      const known = (service['status'] as ServiceStatus | undefined)?.loadBalancer?.ingress?.[0]?.ip
      const ip = known ?? `198.51.100.${this.#next++}`
      this.#given.set(ip, { cluster, service })
      if (known !== undefined) continue
      const { namespace, name } = service.metadata
      const status = { loadBalancer: { ingress: [{ ip, ipMode: 'VIP' }] } }
      await reader.patch(`/api/v1/namespaces/${namespace}/services/${name}/status`, { status })
    }
  }

  find(ip: string): Balanced | undefined {
    return this.#given.get(ip)
  }
}
