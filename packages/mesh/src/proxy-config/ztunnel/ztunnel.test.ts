import { describe, expect, it } from 'vitest'
import {
  resourceOf,
  withoutKeys,
  ztunnelCertificateRows,
  ztunnelPolicyRows,
  ztunnelServiceRows,
  ztunnelSettingRows,
  ztunnelWorkloadRows,
} from '../index.ts'

const NOW = new Date('2026-11-29T12:00:00Z')
const POD = 'east-1//Pod/ledger/journal-1'
const identity = (account: string): string => `spiffe://cluster.local/ns/ledger/sa/${account}`
const certificate = (serialNumber: string, validFrom: string, expirationTime: string) => ({
  pem: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==',
  serialNumber,
  validFrom,
  expirationTime,
})
const root = certificate('255', '2020-01-01T00:00:00Z', '2036-01-01T00:00:00Z')

/** As ztunnel of Istio 1.30 answers `/config_dump`, less what nobody looks at. */
const DUMP = {
  workloads: [
    {
      uid: POD,
      workloadIps: ['10.1.0.4', 'fd00::4'],
      waypoint: { destination: 'ledger/waypoint.ledger.svc.cluster.local', hboneMtlsPort: 15008 },
      protocol: 'HBONE',
      name: 'journal-1',
      namespace: 'ledger',
      workloadName: 'journal',
      workloadType: 'deployment',
      serviceAccount: 'journal',
      node: 'node-1',
      status: 'Healthy',
      clusterId: 'east-1',
      authorizationPolicies: ['ledger/readers'],
    },
    {
      uid: 'east-1/networking.istio.io/ServiceEntry/ledger/bank/api.bank.example',
      hostname: 'api.bank.example',
      protocol: 'TCP',
      name: 'bank',
      namespace: 'ledger',
      status: 'Unhealthy',
      waypoint: { destination: '/10.96.0.9' },
    },
  ],
  services: [
    {
      name: 'journal',
      namespace: 'ledger',
      hostname: 'journal.ledger.svc.cluster.local',
      vips: ['/10.96.0.5', 'blue/10.96.1.5'],
      ports: { '80': 8080, '443': 443, '9090': 0 },
      endpoints: {
        a: { workloadUid: POD, service: 'ledger/journal.ledger.svc.cluster.local', port: { '80': 8080 } },
        b: { workloadUid: 'east-1//Pod/ledger/gone', port: {} },
      },
      loadBalancer: { mode: 'Failover', routingPreferences: ['Region', 'Zone'], healthPolicy: 'OnlyHealthy' },
    },
    { name: 'waypoint', namespace: 'ledger', hostname: 'waypoint.ledger.svc.cluster.local', vips: [], ports: {} },
    { name: 'bank', namespace: 'ledger', hostname: 'api.bank.example', vips: ['/240.240.0.1'], endpoints: {} },
  ],
  policies: [
    {
      name: 'readers',
      namespace: 'ledger',
      scope: 'WorkloadSelector',
      action: 'Allow',
      rules: [
        [
          [
            { namespaces: [{ Exact: 'shop' }, { Prefix: 'team-' }] },
            { serviceAccounts: [{ namespace: 'a', serviceAccount: 'b' }] },
          ],
          [{ destinationPorts: [80, 443], notPrincipals: [{ Suffix: '/sa/guest' }, { Presence: {} }] }],
        ],
        [[{ sourceIps: ['10.0.0.0/8'] }]],
      ],
    },
    {
      name: 'converted_peer_authentication_strict',
      namespace: 'ledger',
      scope: 'WorkloadSelector',
      action: 'Deny',
      rules: [],
    },
    { name: 'istio_converted_static_strict', namespace: 'istio-system', scope: 'WorkloadSelector', action: 'Deny' },
  ],
  certificates: [
    {
      identity: identity('journal'),
      state: 'Available',
      certChain: [certificate('3735928559', '2026-11-29T00:00:00Z', '2026-11-30T00:00:00Z')],
      rootCerts: [root],
    },
    { identity: identity('archive'), state: 'Unavailable: signing gRPC error', certChain: [] },
  ],
  config: {
    localNode: 'node-1',
    xdsHeaders: { vec: [['authorization', 'Bearer abc']] },
    dnsResolverOpts: { attempts: 2 },
    localIp: null,
  },
  version: { version: '1.30.3', gitRevision: '0a1b' },
}

describe('a ztunnel’s workloads', () => {
  it('are told as istioctl does, with the objects they are', () => {
    const [bank, journal] = ztunnelWorkloadRows(DUMP)
    expect(journal).toMatchObject({
      key: POD,
      cells: {
        name: 'journal-1',
        namespace: 'ledger',
        workload: 'journal',
        address: '10.1.0.4, fd00::4',
        protocol: 'HBONE',
        status: 'Healthy',
        waypoint: 'waypoint',
        node: 'node-1',
        serviceAccount: 'journal',
        policies: 'ledger/readers',
        meshCluster: 'east-1',
      },
      links: {
        workload: { kind: 'Deployment', namespace: 'ledger', name: 'journal' },
        waypoint: { kind: 'K8sGateway', namespace: 'ledger', name: 'waypoint' },
      },
    })
    // What has no address has a host; a waypoint that is not known is told as it is noted.
    expect(bank?.cells).toMatchObject({ address: 'api.bank.example', waypoint: '10.96.0.9' })
    expect(bank?.links).toEqual({ name: { kind: 'ServiceEntry', namespace: 'ledger', name: 'bank' } })
  })

  it('are read from a map too, as ztunnel wrote them before', () => {
    const old = {
      workloads: { '/10.1.0.4': { ...DUMP.workloads[0], waypoint: { destination: '/10.96.0.7' } } },
      services: { '/10.96.0.7': { name: 'namespace-waypoint', namespace: 'ledger', vips: ['/10.96.0.7'] } },
    }
    expect(ztunnelWorkloadRows(old).map(({ cells }) => [cells['name'], cells['waypoint']])).toEqual([
      ['journal-1', 'namespace-waypoint'],
    ])
  })
})

it('a ztunnel’s services have addresses, ports, and how many endpoints are healthy', () => {
  const rows = ztunnelServiceRows(DUMP)
  expect(rows.map(({ key }) => key)).toEqual([
    'ledger/api.bank.example',
    'ledger/journal.ledger.svc.cluster.local',
    'ledger/waypoint.ledger.svc.cluster.local',
  ])
  expect(rows[1]?.cells).toMatchObject({
    address: '10.96.0.5, blue/10.96.1.5',
    ports: '80 → 8080, 443, 9090',
    endpoints: '1/2',
    balancing: 'Failover, Region, Zone',
  })
  expect(rows.map(({ links }) => links?.['name']?.kind)).toEqual(['ServiceEntry', 'Service', 'Service'])
})

it('an endpoint that is not healthy any more makes a service another one', () => {
  const failing = { ...DUMP, workloads: DUMP.workloads.map((each) => ({ ...each, status: 'Unhealthy' })) }
  expect(ztunnelServiceRows(failing)[1]?.fingerprint).not.toBe(ztunnelServiceRows(DUMP)[1]?.fingerprint)
})

it('a ztunnel’s policies say what they ask, and lead to the object that made them', () => {
  const rows = ztunnelPolicyRows(DUMP)
  expect(rows.map(({ cells, origin }) => [cells['name'], cells['action'], origin?.kind, origin?.name])).toEqual([
    ['istio_converted_static_strict', 'Deny', undefined, undefined],
    ['converted_peer_authentication_strict', 'Deny', 'PeerAuthentication', 'strict'],
    ['readers', 'Allow', 'AuthorizationPolicy', 'readers'],
  ])
  expect(rows[2]?.cells['rules']).toBe(
    'namespaces shop team-* or serviceAccounts a/b and destinationPorts 80 443, notPrincipals */sa/guest *; sourceIps 10.0.0.0/8',
  )
})

it('a ztunnel’s certificates are those of each identity that it speaks for', () => {
  const rows = ztunnelCertificateRows(DUMP, NOW)
  expect(
    rows.map(({ cells }) => [
      cells['identity'],
      cells['type'],
      cells['certificateState'],
      cells['valid'],
      cells['serial'],
    ]),
  ).toEqual([
    [identity('archive'), '', 'Unavailable: signing gRPC error', '', ''],
    [identity('journal'), 'Leaf', 'Available', 'valid', 'deadbeef'],
    [identity('journal'), 'Root', 'Available', 'valid', 'ff'],
  ])
  expect(ztunnelCertificateRows(DUMP, new Date('2026-11-30T00:00:00Z'))[1]?.cells['valid']).toBe('invalid')
  const old = { certificates: [{ identity: 'a', state: 'Available', certChain: [root, root, root] }] }
  expect(ztunnelCertificateRows(old, NOW).map(({ cells }) => cells['type'])).toEqual(['Leaf', 'Intermediate', 'Root'])
})

it('a ztunnel’s settings are told without tokens', () => {
  expect(ztunnelSettingRows(withoutKeys(DUMP)).map(({ cells }) => [cells['setting'], cells['value']])).toEqual([
    ['config.dnsResolverOpts.attempts', '2'],
    ['config.localNode', 'node-1'],
    ['config.xdsHeaders', '[redacted]'],
    ['version.gitRevision', '0a1b'],
    ['version.version', '1.30.3'],
  ])
})

it('an entry’s JSON is found by its row', () => {
  expect(resourceOf(DUMP.workloads, POD)).toBe(DUMP.workloads[0])
  expect(resourceOf(DUMP.services, 'ledger/api.bank.example')).toBe(DUMP.services[2])
  expect(resourceOf(DUMP.policies, 'ledger/readers')).toBe(DUMP.policies[0])
  expect(resourceOf(DUMP.certificates, identity('archive'))).toBe(DUMP.certificates[1])
})

describe('what is no dump of a ztunnel', () => {
  const readers = [
    ztunnelWorkloadRows,
    ztunnelServiceRows,
    ztunnelPolicyRows,
    ztunnelSettingRows,
    (dump: unknown) => ztunnelCertificateRows(dump, NOW),
  ]
  const none = [
    undefined,
    null,
    '',
    7,
    [],
    {},
    { workloads: 'x', services: 3, policies: [null, 'x'], certificates: {} },
  ]

  it.each(none)('%j has no rows', (dump) => {
    expect(readers.map((read) => read(dump))).toEqual([[], [], [], [], []])
  })

  it('is read as far as it goes, and links to no object that cannot be', () => {
    const hostile = {
      workloads: [
        {},
        {
          uid: 'x/networking.istio.io/ServiceEntry/../../etc',
          name: '<script>',
          namespace: '..',
          workloadIps: [1, null],
        },
        { uid: 'x/networking.istio.io/WorkloadEntry/a/B c', workloadType: 'deployment', workloadName: '..' },
      ],
      services: [{ name: '../x', namespace: 'a', ports: [1], endpoints: [null], vips: 'no' }, {}],
      policies: [
        { name: '../x', namespace: 'a', rules: { a: 1 } },
        { name: 'x', rules: [[[{ a: null, b: [{}] }]], 3, [null]] },
      ],
      certificates: [{}, { certChain: [{ serialNumber: 'ff', validFrom: 'soon' }], identity: 'a' }],
    }
    const rows = readers.flatMap((read) => read(hostile))
    expect(rows).toHaveLength(3 + 2 + 2 + 2)
    expect(rows.flatMap(({ links, origin }) => [...Object.values(links ?? {}), origin ?? []].flat())).toEqual([])
    expect(rows.at(-1)?.cells).toMatchObject({ serial: 'ff', valid: 'invalid', notBefore: '' })
  })
})
