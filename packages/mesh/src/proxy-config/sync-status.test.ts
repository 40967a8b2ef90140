import { expect, it } from 'vitest'
import { readConnections, readSyncz, worstState } from './sync-status.ts'

const CDS = 'type.googleapis.com/envoy.config.cluster.v3.Cluster'
const LDS = 'type.googleapis.com/envoy.config.listener.v3.Listener'
const EDS = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment'

it('reads what istiod 1.27 and newer say, refusals among it', () => {
  const [proxy] = readSyncz([
    {
      cluster_id: 'east-1',
      proxy: 'cart-1.shop',
      proxy_type: 'sidecar',
      istio_version: '1.30.3',
      resources: {
        [CDS]: { sent: '1', acked: '1', sentTime: '2026-11-29T10:00:00Z' },
        [LDS]: { sent: '2', acked: '1', sentTime: '2026-11-29T10:00:01Z', lastError: 'Proto constraint failed' },
        [EDS]: { sentTime: '0001-01-01T00:00:00Z' },
      },
    },
  ])
  expect(proxy).toMatchObject({
    id: 'cart-1.shop',
    pod: 'cart-1',
    namespace: 'shop',
    clusterId: 'east-1',
    version: '1.30.3',
  })
  expect(proxy?.xds).toEqual({
    CDS: { state: 'synced', sentAt: '2026-11-29T10:00:00Z' },
    LDS: { state: 'stale', sentAt: '2026-11-29T10:00:01Z', error: 'Proto constraint failed' },
    EDS: { state: 'not-sent' },
    RDS: { state: 'ignored' },
    ECDS: { state: 'ignored' },
  })
  expect(proxy && worstState(proxy.xds)).toBe('rejected')
})

it('reads what older ones say', () => {
  const [proxy] = readSyncz([
    {
      proxy: 'gw.istio-system',
      cluster_sent: '1',
      cluster_acked: '1',
      listener_sent: '2',
      route_sent: '4',
      route_acked: '3',
    },
  ])
  expect(Object.values(proxy?.xds ?? {}).map(({ state }) => state)).toEqual([
    'synced',
    'never-acked',
    'not-sent',
    'stale',
    'not-sent',
  ])
  expect(proxy && worstState(proxy.xds)).toBe('never-acked')
})

it('calls a proxy synced that uses all that was sent to it', () => {
  const synced = { sent: '1', acked: '1' }
  const [proxy] = readSyncz([{ proxy: 'cart-1.shop', resources: { [CDS]: synced, [LDS]: synced } }])
  expect(proxy && worstState(proxy.xds)).toBe('synced')
})

it('reads of a ztunnel what is sent to ztunnels', () => {
  const resources = {
    'type.googleapis.com/istio.workload.Address': { sent: '2', acked: '1' },
    'type.googleapis.com/istio.security.Authorization': { sent: '1', acked: '1' },
  }
  const [proxy] = readSyncz([{ proxy: 'ztunnel-1.istio-system', proxy_type: 'ztunnel', resources }])
  expect(proxy?.xds).toMatchObject({ CDS: { state: 'ignored' }, WDS: { state: 'stale' }, WADS: { state: 'synced' } })
  expect(proxy && worstState(proxy.xds)).toBe('stale')
})

it('passes over what is no list of proxies', () => {
  expect(readSyncz({ message: 'no' })).toEqual([])
  expect(readSyncz([{}, null, 'x'])).toEqual([])
  expect(readConnections('x').size).toBe(0)
})

it('knows since when a proxy has been connected', () => {
  const body = { clients: [{ connectionId: 'cart-1.shop-12', connectedAt: '2026-11-29T10:00:00Z' }] }
  expect(readConnections(body).get('cart-1.shop')).toBe('2026-11-29T10:00:00Z')
})
