import { listAt, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import type { ClusterApi } from '../store/cluster-api.ts'

const VIRTUAL_SERVICES = 'networking.istio.io/virtualservices'
const DESTINATION_RULES = 'networking.istio.io/destinationrules'
const SERVICE_ENTRIES = 'networking.istio.io/serviceentries'
const HTTP_ROUTES = 'gateway.networking.k8s.io/httproutes'
const ROOT_NAMESPACE = 'istio-system'
const NONE: readonly KubeObject[] = []

/** The configuration of a cluster at one moment, by what it is about. */
export class Rules {
  readonly #virtualServices: ReadonlyMap<string, readonly KubeObject[]>
  readonly #destinationRules: ReadonlyMap<string, readonly KubeObject[]>
  readonly #httpRoutes: ReadonlyMap<string, readonly KubeObject[]>
  readonly #serviceEntries: ReadonlyMap<string, readonly KubeObject[]>
  readonly #list: (resource: ResourceKey, namespace: string) => readonly KubeObject[]

  constructor(api: Pick<ClusterApi, 'list'>) {
    this.#list = (resource, namespace) => api.list(resource, namespace)
    this.#virtualServices = byKeys(api.list(VIRTUAL_SERVICES), servicesOfVirtualService)
    this.#destinationRules = byKeys(api.list(DESTINATION_RULES), (rule) => [
      serviceName(textAt(rule, 'spec', 'host') ?? '', rule.metadata.namespace ?? ''),
    ])
    this.#httpRoutes = byKeys(api.list(HTTP_ROUTES), servicesOfHttpRoute)
    this.#serviceEntries = byKeys(api.list(SERVICE_ENTRIES), (entry) => listAt(entry, 'spec', 'hosts').map(String))
  }

  /** VirtualServices of sidecars for a Service as `name.namespace`. */
  virtualServicesFor(service: string): readonly KubeObject[] {
    return this.#virtualServices.get(service) ?? NONE
  }

  destinationRulesFor(service: string): readonly KubeObject[] {
    return this.#destinationRules.get(service) ?? NONE
  }

  /** HTTPRoutes that are attached to a Service. */
  httpRoutesFor(service: string): readonly KubeObject[] {
    return this.#httpRoutes.get(service) ?? NONE
  }

  /** The ServiceEntry that declares a host, by its name or by `*.domain`. */
  serviceEntryFor(host: string): KubeObject | undefined {
    const exact = this.#serviceEntries.get(host)?.[0]
    if (exact !== undefined) return exact
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const wild = this.#serviceEntries.get(`*${host.slice(dot)}`)?.[0]
      if (wild !== undefined) return wild
    }
    return undefined
  }

  /** Policies of a kind that may concern a namespace: its own, and the mesh's. */
  policies(resource: ResourceKey, namespace: string): readonly KubeObject[] {
    const own = this.#list(resource, namespace)
    return namespace === ROOT_NAMESPACE ? own : [...own, ...this.#list(resource, ROOT_NAMESPACE)]
  }
}

/** `name.namespace` of a host as a rule writes it. */
export function serviceName(host: string, namespace: string): string {
  const short = host.replace(/\.svc(?:\.cluster\.local)?$/, '')
  return short.includes('.') || short === '*' ? short : `${short}.${namespace}`
}

function servicesOfVirtualService(rule: KubeObject): readonly string[] {
  const gateways = listAt(rule, 'spec', 'gateways')
  if (gateways.length > 0 && !gateways.includes('mesh')) return []
  return listAt(rule, 'spec', 'hosts').map((host) => serviceName(String(host), rule.metadata.namespace ?? ''))
}

function servicesOfHttpRoute(route: KubeObject): readonly string[] {
  return listAt(route, 'spec', 'parentRefs').flatMap((ref) =>
    textAt(ref, 'kind') === 'Service'
      ? [`${textAt(ref, 'name') ?? ''}.${textAt(ref, 'namespace') ?? route.metadata.namespace ?? ''}`]
      : [],
  )
}

function byKeys(
  objects: readonly KubeObject[],
  keysOf: (object: KubeObject) => readonly string[],
): ReadonlyMap<string, readonly KubeObject[]> {
  const found = new Map<string, KubeObject[]>()
  for (const object of objects) {
    for (const key of new Set(keysOf(object))) {
      const known = found.get(key)
      if (known === undefined) found.set(key, [object])
      else known.push(object)
    }
  }
  return found
}
