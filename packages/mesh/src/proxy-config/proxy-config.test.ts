import { describe, expect, it } from 'vitest'
import { toBase64 } from '../install/to-base64.ts'
import { describeDomains } from './describe-route.ts'
import {
  bootstrapRows,
  clusterRows,
  compareRows,
  endpointRows,
  listenerRows,
  readSecrets,
  routeRows,
  withoutKeys,
  type ConfigRow,
} from './index.ts'

const TYPE = 'type.googleapis.com/envoy.admin.v3.'
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const KEY = '-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n'
const socket = (address: string, port: number) => ({ socket_address: { address, port_value: port } })
const by = (kind: string, name: string) => ({
  filter_metadata: { istio: { config: `/apis/networking.istio.io/v1/namespaces/shop/${kind}/${name}` } },
})
const http = (config: object) => ({
  name: 'envoy.filters.network.http_connection_manager',
  typed_config: { '@type': 'type.googleapis.com/…HttpConnectionManager', ...config },
})
const tcp = (cluster: string) => ({ name: 'envoy.filters.network.tcp_proxy', typed_config: { cluster } })
const route = (match: object, action: object, more: object = {}) => ({ match, ...action, ...more })

/** As a sidecar of Istio 1.30 answers `/config_dump`, less what nobody looks at. */
const DUMP = {
  configs: [
    {
      '@type': `${TYPE}BootstrapConfigDump`,
      bootstrap: {
        node: { id: 'sidecar~10.0.0.9~cart-1.shop~x', metadata: { CLUSTER_ID: 'east-1' }, extensions: [{ name: 'x' }] },
        admin: { ports: [15000] },
      },
    },
    {
      '@type': `${TYPE}ClustersConfigDump`,
      static_clusters: [{ cluster: { name: 'prometheus_stats' } }],
      dynamic_active_clusters: [
        {
          version_info: '2026/1',
          cluster: {
            name: 'outbound|8080|v1|reviews.shop.svc.cluster.local',
            type: 'EDS',
            metadata: by('destination-rule', 'reviews'),
          },
        },
        { cluster: { name: 'inbound|8080||', type: 'ORIGINAL_DST' } },
        { cluster: { name: 'agent', cluster_type: { name: 'envoy.clusters.dns' } } },
      ],
    },
    {
      '@type': `${TYPE}ListenersConfigDump`,
      dynamic_listeners: [
        {
          name: '0.0.0.0_8080',
          active_state: {
            listener: {
              name: '0.0.0.0_8080',
              address: socket('0.0.0.0', 8080),
              filter_chains: [
                {
                  filter_chain_match: {
                    transport_protocol: 'raw_buffer',
                    application_protocols: ['http/1.0', 'http/1.1', 'h2c'],
                  },
                  filters: [http({ rds: { route_config_name: '8080' } })],
                },
              ],
              default_filter_chain: { filters: [tcp('PassthroughCluster')] },
            },
          },
        },
        {
          name: 'virtualInbound',
          active_state: {
            listener: {
              name: 'virtualInbound',
              address: socket('0.0.0.0', 15006),
              filter_chains: [
                {
                  name: '0.0.0.0_8080',
                  filter_chain_match: { destination_port: 8080, transport_protocol: 'tls' },
                  filters: [
                    http({
                      route_config: {
                        virtual_hosts: [
                          {
                            domains: ['*'],
                            routes: [route({ prefix: '/' }, { route: { cluster: 'inbound|8080||' } })],
                          },
                        ],
                      },
                    }),
                  ],
                },
                { filter_chain_match: { destination_port: 15006 }, filters: [tcp('BlackHoleCluster')] },
              ],
            },
          },
        },
        { name: '10.96.0.7_6379', error_state: { details: 'Proto constraint validation failed' } },
      ],
      static_listeners: [{ listener: { address: socket('0.0.0.0', 15090), filter_chains: [{ filters: [http({})] }] } }],
    },
    { '@type': `${TYPE}ScopedRoutesConfigDump` },
    {
      '@type': `${TYPE}RoutesConfigDump`,
      dynamic_route_configs: [
        {
          route_config: {
            name: '8080',
            virtual_hosts: [
              {
                name: 'reviews.shop.svc.cluster.local:8080',
                domains: [
                  'reviews.shop.svc.cluster.local',
                  'reviews.shop.svc.cluster.local.',
                  'reviews',
                  'reviews.shop.svc',
                  'reviews.shop',
                  '10.96.0.7',
                ],
                routes: [
                  route(
                    { path: '/old' },
                    { redirect: { path_redirect: '/new' } },
                    { metadata: by('virtual-service', 'reviews') },
                  ),
                  route(
                    { prefix: '/', headers: [{ name: 'x' }] },
                    {
                      route: {
                        weighted_clusters: {
                          clusters: [
                            { name: 'a', weight: 90 },
                            { name: 'b', weight: 10 },
                          ],
                        },
                      },
                    },
                    { metadata: by('virtual-service', 'reviews-0-istio-autogenerated-k8s-gateway') },
                  ),
                  route(
                    { prefix: '/' },
                    { direct_response: { status: 503 } },
                    { metadata: by('virtual-service', 'shop~8080~x') },
                  ),
                ],
              },
              { name: 'empty', domains: ['*'] },
            ],
          },
        },
      ],
    },
    {
      '@type': `${TYPE}SecretsConfigDump`,
      dynamic_active_secrets: [
        {
          name: 'default',
          secret: {
            tls_certificate: {
              certificate_chain: { inline_bytes: toBase64(PEM) },
              private_key: { inline_bytes: toBase64(KEY) },
            },
          },
        },
        { name: 'ROOTCA', secret: { validation_context: { trusted_ca: { inline_bytes: toBase64(PEM) } } } },
      ],
    },
  ],
}

/** As istiod's debug interface writes the same. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      inCamelCase(each),
    ]),
  )
}

const cellsOf = (rows: readonly ConfigRow[]): string[] => rows.map(({ cells }) => Object.values(cells).join(' | '))

describe('what a proxy has, in rows', () => {
  it('tells of listeners what they take and where it goes', () => {
    expect(cellsOf(listenerRows(DUMP))).toEqual([
      ' | 0 |  | Proto constraint validation failed | rejected',
      '0.0.0.0 | 8080 | Trans: raw_buffer; App: HTTP | Route: 8080 | active',
      '0.0.0.0 | 8080 | ALL | PassthroughCluster | active',
      '0.0.0.0 | 15006 | Trans: tls; Addr: *:8080 | Cluster: inbound|8080|| | active',
      '0.0.0.0 | 15006 | Addr: *:15006 | Non-HTTP/Non-TCP | active',
      '0.0.0.0 | 15090 | ALL | HTTP | static',
    ])
  })

  it('tells of routes their domains, shares and the object that made them', () => {
    const rows = routeRows(DUMP)
    const host = '8080 | reviews.shop.svc.cluster.local:8080 | reviews, reviews.shop + 1'
    expect(cellsOf(rows)).toEqual([
      `${host} | /old | Redirect: /new`,
      `${host} | /* (+1) | 90% a, 10% b`,
      `${host} | /* | 503`,
      '8080 | empty | * | /* | 404',
    ])
    expect(rows.map(({ origin }) => origin)).toEqual([
      { kind: 'VirtualService', namespace: 'shop', name: 'reviews' },
      { kind: 'HTTPRoute', namespace: 'shop', name: 'reviews' },
      undefined,
      undefined,
    ])
  })

  it('tells of clusters what their names say', () => {
    const rows = clusterRows(DUMP)
    expect(cellsOf(rows)).toEqual([
      ' | 8080 |  | inbound | ORIGINAL_DST',
      'agent |  |  |  | envoy.clusters.dns',
      'prometheus_stats |  |  |  | STATIC',
      'reviews.shop.svc.cluster.local | 8080 | v1 | outbound | EDS',
    ])
    expect(rows.at(-1)?.origin).toEqual({ kind: 'DestinationRule', namespace: 'shop', name: 'reviews' })
  })

  it('tells of endpoints what Envoy thinks of them', () => {
    const host = { address: socket('10.0.0.5', 8080), weight: 2, locality: { region: 'east', zone: 'a' } }
    const clusters = {
      cluster_statuses: [
        {
          name: 'outbound|8080||cart.shop',
          host_statuses: [
            { ...host, health_status: { eds_health_status: 'HEALTHY', failed_outlier_check: true } },
            { address: { envoy_internal_address: { server_listener_name: 'connect', endpoint_id: '10.0.0.6:80' } } },
          ],
        },
      ],
    }
    expect(cellsOf(endpointRows(clusters))).toEqual([
      '10.0.0.5 | 8080 | HEALTHY | FAILED | outbound|8080||cart.shop | east/a | 2',
      'envoy://connect/10.0.0.6:80 |  | UNKNOWN | OK | outbound|8080||cart.shop |  | 1',
    ])
  })

  it('tells of the bootstrap each value by its path', () => {
    expect(cellsOf(bootstrapRows(DUMP))).toEqual([
      'admin.ports[0] | 15000',
      'node.id | sidecar~10.0.0.9~cart-1.shop~x',
      'node.metadata.CLUSTER_ID | east-1',
    ])
  })

  it('reads the same from istiod’s own spelling', () => {
    const other = inCamelCase(DUMP)
    for (const read of [listenerRows, routeRows, clusterRows]) expect(cellsOf(read(other))).toEqual(cellsOf(read(DUMP)))
    expect(routeRows({ configs: [{ '@type': 'x' }] })).toEqual([])
    expect(listenerRows('no dump at all')).toEqual([])
  })

  it('names domains once, as istioctl does', () => {
    expect(
      describeDomains(['a.b.svc.cluster.local', 'a.b.svc', 'a.b', '10.0.0.1', '[fd00::1]:80', '[fd00:1::1]']),
    ).toBe('a.b, 10.0.0.1 + 1')
  })
})

describe('secrets', () => {
  it('gives certificates, and never reads keys', () => {
    const found = readSecrets(DUMP)
    expect(found).toEqual([
      { name: 'default', type: 'Cert Chain', state: 'ACTIVE', pem: PEM },
      { name: 'ROOTCA', type: 'CA', state: 'ACTIVE', pem: PEM },
    ])
  })

  it('leaves no private key in a configuration, wherever it stands', () => {
    const clean = JSON.stringify(
      withoutKeys({
        dump: DUMP,
        other: inCamelCase(DUMP),
        deep: [
          { certificate_chain: { inline_bytes: toBase64(KEY) }, note: `see ${KEY}`, token_secret: { name: 's3cret' } },
        ],
      }),
    )
    expect(clean).not.toContain('PRIVATE KEY')
    expect(clean).not.toContain(toBase64(KEY))
    expect(clean).not.toContain('s3cret')
    expect(clean.match(/\[redacted\]/g)).toHaveLength(5)
    expect(clean).toContain(toBase64(PEM))
  })
})

describe('two proxies side by side', () => {
  it('names what only one has, and what differs', () => {
    const row = (key: string, type: string, fingerprint = type): ConfigRow => ({
      key,
      cells: { key, type },
      resource: key,
      fingerprint,
    })
    const differences = compareRows(
      [row('a', 'EDS'), row('b', 'EDS'), row('c', 'EDS'), row('d', 'EDS', 'one')],
      [row('a', 'EDS'), row('c', 'STATIC'), row('d', 'EDS', 'two'), row('e', 'EDS')],
    )
    expect(differences.map(({ kind }) => kind)).toEqual(['only-left', 'changed', 'changed', 'only-right'])
    expect(differences[1]).toMatchObject({ columns: ['type'] })
    expect(differences[2]).toMatchObject({ columns: [], left: { key: 'd' } })
  })

  it('finds no difference in the order of fields or in versions', () => {
    const [part] = DUMP.configs.slice(1)
    const again = { configs: [JSON.parse(JSON.stringify(part).replace('2026/1', '2026/2'))] }
    expect(compareRows(clusterRows(DUMP), clusterRows(again))).toEqual([])
  })
})
