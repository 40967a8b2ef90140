import { Type, type Static } from 'typebox'
import { ClusterFailure } from './problem.ts'
import { LOG_LEVELS, PROXY_STATES } from './proxy-codes.ts'
import { ListQuery, NamespacedParams } from './resources.ts'

const XdsStatus = Type.Object({
  state: Type.Enum(['synced', 'ignored', 'not-sent', 'stale', 'never-acked']),
  sentAt: Type.Optional(Type.String({ description: 'When it was sent last.' })),
  error: Type.Optional(Type.String({ description: 'Why the proxy refused it, in the proxy’s words.' })),
})

export const ProxyView = Type.Object({
  cluster: Type.String(),
  namespace: Type.String(),
  pod: Type.String(),
  type: Type.String({ description: '`sidecar`, `router` (a gateway), `waypoint` or `ztunnel`.' }),
  version: Type.Optional(Type.String()),
  state: Type.Enum(PROXY_STATES),
  xds: Type.Record(Type.String(), XdsStatus, {
    description: 'By CDS, LDS, EDS, RDS, ECDS, of ztunnels WDS and WADS too; empty when disconnected.',
  }),
  istiod: Type.Optional(
    Type.Object(
      { cluster: Type.String(), namespace: Type.String(), pod: Type.String() },
      { description: 'Who serves it.' },
    ),
  ),
  connectedAt: Type.Optional(Type.String()),
  workload: Type.Optional(Type.Object({ kind: Type.String(), name: Type.String() })),
})
export type ProxyView = Static<typeof ProxyView>

export const ProxyPage = Type.Object({
  items: Type.Array(ProxyView),
  total: Type.Integer(),
  all: Type.Integer(),
  page: Type.Integer(),
  pageSize: Type.Integer(),
  states: Type.Record(Type.String(), Type.Integer(), {
    description: 'Proxies by state, on all pages, without filters.',
  }),
  elsewhere: Type.Integer({ description: 'Proxies of clusters that do not belong to the mesh; they are not listed.' }),
  istiods: Type.Integer({ description: 'Replicas of istiod that answered.' }),
  failures: Type.Array(ClusterFailure),
})
export type ProxyPage = Static<typeof ProxyPage>

export const ProxyQuery = Type.Object(
  {
    ...ListQuery.properties,
    state: Type.Optional(Type.String({ maxLength: 128, description: 'States, separated by commas.' })),
    type: Type.Optional(Type.String({ maxLength: 64, description: 'Types, separated by commas.' })),
  },
  { additionalProperties: false },
)

export const ProxyParams = NamespacedParams

const Section = Type.Enum(
  [
    ...(['listeners', 'routes', 'clusters', 'endpoints', 'certificates', 'bootstrap'] as const),
    ...(['workloads', 'services', 'policies', 'workload-certificates', 'settings'] as const),
  ],
  { description: 'The first ones are Envoy’s, those from `workloads` on a ztunnel’s.' },
)
export const ProxySectionParams = Type.Object({ ...NamespacedParams.properties, section: Section })

const ObjectName = Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String() })

/**
 * One line of what a proxy has; columns and their meaning are those of `istioctl proxy-config` and
 * `istioctl ztunnel-config`.
 */
export const ProxyConfigRow = Type.Object({
  key: Type.String({ description: 'Tells it apart in its section, and is the same in another proxy.' }),
  cells: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  origin: Type.Optional(Type.Object(ObjectName.properties, { description: 'The Istio object that made it.' })),
  links: Type.Optional(Type.Record(Type.String(), ObjectName, { description: 'Objects that cells name, by column.' })),
  resource: Type.String({ description: 'Name of what it is part of in the proxy’s JSON.' }),
  fingerprint: Type.String({ description: 'Another one when anything in its part of the proxy’s JSON is another.' }),
})
export type ProxyConfigRow = Static<typeof ProxyConfigRow>

export const ProxyConfig = Type.Object({ section: Section, rows: Type.Array(ProxyConfigRow) })
export type ProxyConfig = Static<typeof ProxyConfig>

/** A proxy's own JSON of a section, without private keys. */
export const ProxyConfigDump = Type.Object({ section: Section, config: Type.Unknown() })
export type ProxyConfigDump = Static<typeof ProxyConfigDump>

/** Levels by logger, now. */
export const ProxyLogLevels = Type.Object({
  loggers: Type.Array(Type.Object({ name: Type.String(), level: Type.String() })),
  levels: Type.Array(Type.Enum(LOG_LEVELS), { description: 'Those that this proxy knows.' }),
  perLogger: Type.Boolean({ description: 'Whether one logger can be set alone; a ztunnel’s can not.' }),
})
export type ProxyLogLevels = Static<typeof ProxyLogLevels>

/** Sets one logger, or all of them when none is named. It lasts until the proxy starts again. */
export const SetProxyLogLevel = Type.Object(
  {
    logger: Type.Optional(Type.String({ pattern: '^[a-z0-9_]{1,64}$' })),
    level: Type.Enum(LOG_LEVELS),
  },
  { additionalProperties: false },
)
export type SetProxyLogLevel = Static<typeof SetProxyLogLevel>
