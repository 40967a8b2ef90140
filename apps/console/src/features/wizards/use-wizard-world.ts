import type { KindId, KubeResource } from '@meshdeck/kube'
import type { WizardWorld } from '@meshdeck/mesh'
import { useQueries, useQuery } from '@tanstack/react-query'
import { ApiError } from '../../lib/api.ts'
import { ITEM, schemaAt, type JsonSchema } from '../../lib/json-schema.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { schemaQueries } from '../../resource-kit/schema-queries.ts'
import type { WizardSpec } from './catalogue.ts'
import { wizardQueries } from './queries.ts'

const NONE: readonly KubeResource[] = []
const SERVICE_ROUTES = ['HTTPRoute', 'GRPCRoute'] as const

/** What a wizard looks at, and how far it has been read. */
export interface AskedWorld {
  world: WizardWorld
  /** Whether the service is still asked for, and whether anything is. */
  isAsking: boolean
  isPending: boolean
  /** There is more of a kind than was read. */
  isPartial: boolean
  /** Kinds that the reader may not see, and that may govern the service. */
  hidden: readonly KindId[]
  failed: { error: Error; refetch: () => unknown } | undefined
  service: { isError: boolean; error: Error | null; refetch: () => unknown }
  /** Asks again for what exists. */
  refetch: () => void
}

/** Reads what exists where the mesh reads its configuration, and the service (`namespace/name`) that a wizard is about. */
export function useWizardWorld(wizard: WizardSpec, cluster: string, wanted: string): AskedWorld {
  const { mesh, clusters } = useMeshScope()
  const [namespace = ''] = wanted.split('/')
  const isRouted = wizard.routed === true
  const service = useQuery(wizardQueries.service(mesh, wanted))
  const meshes = useQuery(meshQueries.list())
  const trust = useQuery({ ...wizardQueries.trustDomains(mesh), enabled: wizard.callers === 'cutOff' })
  const own = useQuery({
    ...resourceQueries.detail({ cluster, kind: 'Namespace', name: namespace }),
    enabled: cluster !== '' && namespace !== '',
    retry: false,
  })
  const existing = useQueries({
    queries: wizard.reads.map((kind) => ({ ...wizardQueries.existing(cluster, kind), enabled: cluster !== '' })),
  })
  const routes = useQueries({
    queries: SERVICE_ROUTES.map((kind) => ({
      ...wizardQueries.existing(cluster, kind),
      enabled: cluster !== '' && isRouted,
    })),
  })
  const hasRoutes = routes.some(({ data }) => data !== undefined && data.items.length > 0)
  const services = useQuery({
    ...wizardQueries.existing(cluster, 'Service', namespace),
    enabled: hasRoutes && namespace !== '',
  })
  const schemas = useQueries({
    queries: SERVICE_ROUTES.map((kind) => ({ ...schemaQueries.of(cluster, kind), enabled: hasRoutes })),
  })
  const objects = new Map<KindId, readonly KubeResource[]>()
  const keep = (kind: KindId, page: (typeof existing)[number]['data']) =>
    objects.set(kind, page?.items.map(({ resource }) => resource) ?? NONE)
  wizard.reads.forEach((kind, at) => keep(kind, existing[at]?.data))
  SERVICE_ROUTES.forEach((kind, at) => keep(kind, routes[at]?.data))
  if (hasRoutes) keep('Service', services.data)
  const knows = (kind: KindId, field: string): boolean =>
    SERVICE_ROUTES.some((each, at) => each === kind && hasField(schemas[at]?.data, field.split('.')))
  const namespaceLabels = own.data?.metadata.labels ?? {}
  const world: WizardWorld = {
    all: (kind) => objects.get(kind) ?? NONE,
    service: wanted === '' || service.data === undefined ? undefined : { ...service.data, namespaceLabels },
    rootNamespace: meshes.data?.items.find(({ name }) => name === mesh)?.namespace ?? '',
    trustDomains: domainsOf(trust.data, cluster),
    knows,
  }
  const hidden = SERVICE_ROUTES.filter((_kind, at) => isForbidden(routes[at]?.error))
  const asked = [...existing, ...routes.filter(({ error }) => !isForbidden(error)), services]
  return {
    world,
    hidden,
    service,
    isAsking: wanted !== '' && (service.isPending || own.isLoading),
    isPending:
      clusters.length === 0 ||
      meshes.isPending ||
      trust.isLoading ||
      existing.some((query) => query.isPending) ||
      [...routes, ...schemas, services].some((query) => query.isLoading),
    isPartial: asked.some(({ data }) => data !== undefined && data.total > data.items.length),
    failed: asked.find((query) => query.isError),
    refetch: () => {
      for (const query of asked) if (query.isFetched) void query.refetch()
    },
  }
}

const isForbidden = (error: Error | null | undefined): boolean => error instanceof ApiError && error.status === 403

/** A field as `spec.rules.retry`; elements of lists need not be named. */
function hasField(schema: JsonSchema | undefined, path: readonly string[]): boolean {
  const found = path.reduce<JsonSchema | undefined>((at, step) => schemaAt(schemaAt(at, [ITEM]) ?? at, [step]), schema)
  return found !== undefined
}

/** What callers are called where the configuration is read; Istio's own name where nobody says another. */
export function domainsOf(
  domains: { items: readonly { cluster: string; trustDomain: string; aliases: readonly string[] }[] } | undefined,
  cluster: string,
): readonly string[] {
  const found = domains?.items.find((each) => each.cluster === cluster) ?? domains?.items[0]
  const others = domains?.items.map(({ trustDomain }) => trustDomain) ?? []
  return found === undefined ? ['cluster.local'] : [...new Set([found.trustDomain, ...found.aliases, ...others])]
}
