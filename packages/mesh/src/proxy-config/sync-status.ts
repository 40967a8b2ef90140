import { messageAt, messagesAt, textAt, type Message } from './envoy-json.ts'

/** What istiod sends to proxies, by the names that `istioctl proxy-status` uses. */
export const XDS_TYPES = ['CDS', 'LDS', 'EDS', 'RDS', 'ECDS'] as const
export type XdsType = (typeof XDS_TYPES)[number]
/** What istiod sends to ztunnels instead, by its own short names: workloads with services, and authorization. */
export const ZTUNNEL_XDS_TYPES = ['WDS', 'WADS'] as const
export type ZtunnelXdsType = (typeof ZTUNNEL_XDS_TYPES)[number]

/**
 * `synced`: what was sent last is in use; `stale`: it is not yet, or never will be; `never-acked`: nothing ever was;
 * `not-sent`: istiod had nothing to send; `ignored`: the proxy has not asked for it.
 */
export const SYNC_STATES = ['ignored', 'not-sent', 'synced', 'stale', 'never-acked'] as const
export type SyncState = (typeof SYNC_STATES)[number]

export interface XdsStatus {
  state: SyncState
  /** When it was sent last (ISO 8601); istiods before 1.27 do not say. */
  sentAt?: string
  /** Why the proxy refused it, in the proxy's words. */
  error?: string
}

/** One proxy as one istiod sees it. */
export interface ProxySync {
  /** `pod.namespace` */
  id: string
  pod: string
  namespace: string
  /** Istio's own name of the cluster it runs in. */
  clusterId: string
  /** `sidecar`, `router` (a gateway), `waypoint`, `ztunnel`. */
  type: string
  version?: string
  /** The second ones of ztunnels only. */
  xds: Readonly<Record<XdsType, XdsStatus> & Partial<Record<ZtunnelXdsType, XdsStatus>>>
}

const SOURCES: Readonly<Record<XdsType | ZtunnelXdsType, { legacy?: string; type: string }>> = {
  CDS: { legacy: 'cluster', type: 'type.googleapis.com/envoy.config.cluster.v3.Cluster' },
  LDS: { legacy: 'listener', type: 'type.googleapis.com/envoy.config.listener.v3.Listener' },
  EDS: { legacy: 'endpoint', type: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment' },
  RDS: { legacy: 'route', type: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration' },
  ECDS: { legacy: 'extensionconfig', type: 'type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig' },
  WDS: { type: 'type.googleapis.com/istio.workload.Address' },
  WADS: { type: 'type.googleapis.com/istio.security.Authorization' },
}

/** Reads `/debug/syncz` of istiod. What has no name of a proxy is passed over. */
export function readSyncz(body: unknown): ProxySync[] {
  return messagesAt({ all: body }, 'all').flatMap((each) => {
    const id = textAt(each, 'proxy')
    if (id === undefined) return []
    const dot = id.indexOf('.')
    const version = textAt(each, 'istio_version')
    const type = textAt(each, 'proxy_type') ?? 'sidecar'
    const types = type === 'ztunnel' ? [...XDS_TYPES, ...ZTUNNEL_XDS_TYPES] : XDS_TYPES
    return [
      {
        id,
        pod: dot < 0 ? id : id.slice(0, dot),
        namespace: dot < 0 ? '' : id.slice(dot + 1),
        clusterId: textAt(each, 'cluster_id') ?? '',
        type,
        ...(version === undefined ? {} : { version }),
        xds: Object.fromEntries(types.map((xds) => [xds, statusOf(each, xds)])) as Record<XdsType, XdsStatus>,
      },
    ]
  })
}

function statusOf(proxy: Message, xds: XdsType | ZtunnelXdsType): XdsStatus {
  const { legacy, type } = SOURCES[xds]
  const watched = messageAt(proxy, 'resources')
  const resource = watched?.[type]
  const [sent, acked] = ['sent', 'acked'].map(
    (step) => textAt(resource, step) ?? (legacy && textAt(proxy, `${legacy}_${step}`)),
  )
  const sentAt = textAt(resource, 'sentTime')
  const error = textAt(resource, 'lastError')
  return {
    state: stateOf(sent, acked, watched !== undefined && resource === undefined),
    // Go's zero time stands for never.
    ...(sentAt === undefined || sentAt.startsWith('0001-') ? {} : { sentAt }),
    ...(error === undefined ? {} : { error }),
  }
}

function stateOf(sent: string | undefined, acked: string | undefined, isUnwatched: boolean): SyncState {
  if (sent === undefined) return isUnwatched ? 'ignored' : 'not-sent'
  if (acked === undefined) return 'never-acked'
  return acked === sent ? 'synced' : 'stale'
}

/** Reads `/debug/connections` of istiod: since when each proxy, by its id, has been connected (ISO 8601). */
export function readConnections(body: unknown): ReadonlyMap<string, string> {
  return new Map(
    messagesAt(body, 'clients').flatMap((each): [string, string][] => {
      // A number is added to the id for each connection.
      const id = textAt(each, 'connectionId')?.replace(/-\d+$/, '')
      const since = textAt(each, 'connectedAt')
      return id === undefined || since === undefined ? [] : [[id, since]]
    }),
  )
}

/** The worst of a proxy's states, in the order of `SYNC_STATES`; `rejected` when it refused something that was sent. */
export function worstState(xds: ProxySync['xds']): SyncState | 'rejected' {
  const all = Object.values(xds)
  if (all.some(({ error, state }) => error !== undefined && state !== 'synced')) return 'rejected'
  return SYNC_STATES.findLast((state) => all.some((each) => each.state === state)) ?? 'ignored'
}
