import { proxyPaths, type ProxyConfig, type ProxyLogLevels, type ProxyRef } from '@meshdeck/contract'
import type { Pod } from '@meshdeck/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

const errors: unknown[] = []
let fleet: SandboxHub
let app: BffApp

beforeAll(async () => {
  fleet = await startSandboxHub('demo', (error) => errors.push(error))
  for (const name of ['east-1', 'west-1']) await fleet.client('hub').create('Cluster', clusterRecord(name))
  app = await fleet.start({ modes: ['local', 'bearer'] })
}, 60_000)
afterAll(async () => {
  await fleet.close()
  expect(errors).toEqual([])
})

/** As the owner, or as one of the fleet's people. */
async function ask(url: string, person?: string, write?: object) {
  const headers =
    person === undefined
      ? LOCAL
      : { ...LOCAL, authorization: `Bearer ${fleet.sandbox.cluster('hub').token(person) ?? ''}` }
  return app.inject(
    write === undefined ? { url, headers } : { method: 'POST', url, headers: { ...headers, ...CSRF }, payload: write },
  )
}

async function get<T>(url: string): Promise<T> {
  const answer = await ask(url)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

async function proxyOf(app_: string, cluster = 'east-1', namespace = 'shop'): Promise<ProxyRef> {
  const { items } = await fleet.client(cluster).list<Pod>('Pod', { namespace, labelSelector: `app=${app_}` })
  return { cluster, namespace, pod: items[0]?.metadata.name ?? '' }
}

describe('what a proxy has', () => {
  const rowsOf = async (ref: ProxyRef, section: string) =>
    (await get<ProxyConfig>(proxyPaths.config(ref, section))).rows

  it('is told in rows, with the objects that made them', async () => {
    const ref = await proxyOf('frontend')
    const listeners = await rowsOf(ref, 'listeners')
    expect(listeners.find(({ cells }) => cells['port'] === 8080)?.cells).toMatchObject({
      address: '0.0.0.0',
      destination: 'Route: 8080',
    })
    expect(
      listeners.filter(({ cells }) => cells['port'] === 15_006).map(({ cells }) => cells['destination']),
    ).toContain('Cluster: inbound|8080||')

    const reviews = (await rowsOf(ref, 'routes')).find(({ cells }) =>
      String(cells['virtualHost']).startsWith('reviews.shop'),
    )
    expect(reviews).toMatchObject({
      cells: {
        match: '/*',
        destination:
          '90% outbound|8080|v1|reviews.shop.svc.cluster.local, 10% outbound|8080|v2|reviews.shop.svc.cluster.local',
      },
      origin: { kind: 'VirtualService', namespace: 'shop', name: 'reviews' },
    })
    const clusters = await rowsOf(ref, 'clusters')
    expect(clusters.find(({ key }) => key === 'outbound|8080|v2|reviews.shop.svc.cluster.local')).toMatchObject({
      cells: { subset: 'v2', direction: 'outbound', type: 'EDS' },
      origin: { kind: 'DestinationRule', namespace: 'shop', name: 'reviews' },
    })
    const endpoints = await rowsOf(ref, 'endpoints')
    const toReviews = endpoints.filter(
      ({ cells }) => cells['cluster'] === 'outbound|8080|v2|reviews.shop.svc.cluster.local',
    )
    expect(toReviews.map(({ cells }) => cells['status'])).toEqual(['HEALTHY'])
    // Another network is reached through its gateway.
    expect(
      endpoints.find(({ cells }) => cells['cluster'] === 'outbound|8080||checkout.backend.svc.cluster.local')?.cells[
        'port'
      ],
    ).toBe(15_443)
    expect((await rowsOf(ref, 'bootstrap')).find(({ key }) => key === 'node.metadata.CLUSTER_ID')?.cells['value']).toBe(
      'east-1',
    )
  })

  it('are certificates with whose they are and until when', async () => {
    const rows = await rowsOf(await proxyOf('frontend'), 'certificates')
    expect(rows.map(({ cells }) => [cells['name'], cells['type'], cells['valid']])).toEqual([
      ['default', 'Cert Chain', 'valid'],
      ['default', 'Cert Chain (2)', 'valid'],
      ['ROOTCA', 'CA', 'valid'],
    ])
    expect(rows[0]?.cells['identity']).toBe('spiffe://cluster.local/ns/shop/sa/frontend')
    expect(rows[2]?.cells['subject']).toBe('CN=cluster.local')
    expect(Date.parse(String(rows[0]?.cells['notAfter'])) - Date.now()).toBeGreaterThan(3_600_000)
  })

  it('of a gateway is what its Gateways and their rules open', async () => {
    const ref = await proxyOf('istio-ingressgateway', 'east-1', 'istio-system')
    const [route] = await rowsOf(ref, 'routes')
    expect(route).toMatchObject({
      cells: {
        name: 'http.8080',
        domains: 'shop.example.com',
        destination: 'outbound|8080||frontend.shop.svc.cluster.local',
      },
      origin: { kind: 'VirtualService', namespace: 'shop', name: 'frontend' },
    })
  })

  it('shows a refused listener', async () => {
    const rows = await rowsOf(await proxyOf('currency'), 'listeners')
    expect(rows.filter(({ cells }) => cells['state'] === 'rejected').length).toBeGreaterThan(0)
  })

  it('is there as Envoy’s own JSON, without keys', async () => {
    const { config } = await get<{ config: { '@type': string; dynamic_active_secrets: unknown[] } }>(
      proxyPaths.dump(await proxyOf('frontend'), 'certificates'),
    )
    expect(config['@type']).toMatch(/\.SecretsConfigDump$/)
    expect(JSON.stringify(config.dynamic_active_secrets)).toContain('"private_key":"[redacted]"')
    const endpoints = await get<{ config: object }>(proxyPaths.dump(await proxyOf('frontend'), 'endpoints'))
    expect(endpoints.config).toHaveProperty('cluster_statuses')
  })

  it('is not told to who may not reach it, nor of what has no proxy', async () => {
    const forbidden = await ask(proxyPaths.config(await proxyOf('frontend'), 'routes'), 'editor')
    expect([forbidden.statusCode, forbidden.json().missing]).toEqual([
      403,
      { verb: 'get', group: '', resource: 'pods/portforward', namespace: 'shop', name: expect.any(String) },
    ])
    const none = await ask(proxyPaths.config(await proxyOf('banner'), 'routes'))
    expect([none.statusCode, none.json().code, none.json().params]).toEqual([
      502,
      'pod-unreachable',
      { reason: 'port-closed' },
    ])
    const gone = await ask(proxyPaths.config({ cluster: 'east-1', namespace: 'shop', pod: 'nobody' }, 'routes'))
    expect([gone.statusCode, gone.json().code]).toEqual([404, 'not-found'])
    // A ztunnel is no Envoy, and an Envoy no ztunnel.
    for (const [ref, section] of [
      [await proxyOf('ztunnel', 'west-1', 'istio-system'), 'listeners'],
      [await proxyOf('frontend'), 'workloads'],
    ] as const) {
      const wrong = await ask(proxyPaths.config(ref, section))
      expect([wrong.statusCode, wrong.json().params]).toEqual([502, { reason: 'bad-answer' }])
    }
    const other = await ask(proxyPaths.config(await proxyOf('frontend'), 'secrets'))
    expect(other.statusCode).toBe(400)
  })

  it('is open to who has a right in that namespace alone', async () => {
    const answer = await ask(proxyPaths.config(await proxyOf('frontend'), 'bootstrap'), 'workspace-admin')
    expect(answer.statusCode, answer.body).toBe(200)
  })
})

describe('what a ztunnel has', () => {
  const ztunnel = () => proxyOf('ztunnel', 'west-1', 'istio-system')
  const rowsOf = async (section: string) => (await get<ProxyConfig>(proxyPaths.config(await ztunnel(), section))).rows

  it('is told in rows, with the objects that they are of', async () => {
    const journal = (await rowsOf('workloads')).find(({ cells }) => String(cells['name']).startsWith('journal-'))
    expect(journal).toMatchObject({
      cells: {
        namespace: 'ledger',
        protocol: 'HBONE',
        status: 'Healthy',
        serviceAccount: 'journal',
        meshCluster: 'west-1',
      },
      links: { workload: { kind: 'Deployment', namespace: 'ledger', name: 'journal-v1' } },
    })
    const service = (await rowsOf('services')).find(({ key }) => key === 'ledger/journal.ledger.svc.cluster.local')
    expect(service).toMatchObject({
      cells: { endpoints: '1/1' },
      links: { name: { kind: 'Service', name: 'journal' } },
    })
    expect((await rowsOf('settings')).find(({ key }) => key === 'config.clusterId')?.cells['value']).toBe('west-1')
  })

  it('are the certificates of the pods that it carries', async () => {
    const ref = await ztunnel()
    const { items } = await fleet.client('west-1').list<Pod>('Pod')
    const node = items.find(({ metadata }) => metadata.name === ref.pod)?.spec?.nodeName
    const carried = items.filter((pod) => pod.metadata.namespace === 'ledger' && pod.spec?.nodeName === node)
    const accounts = new Set(carried.map((pod) => String(pod.spec?.['serviceAccountName'])))
    const leaves = (await rowsOf('workload-certificates')).filter(({ cells }) => cells['type'] === 'Leaf')
    expect(leaves.map(({ cells }) => [cells['identity'], cells['valid']])).toEqual(
      [...accounts].toSorted().map((account) => [`spiffe://cluster.local/ns/ledger/sa/${account}`, 'valid']),
    )
  })

  it('are the policies that hold in its cluster', async () => {
    await fleet.client('west-1').create('AuthorizationPolicy', {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'readers', namespace: 'ledger' },
      spec: {
        selector: { matchLabels: { app: 'journal' } },
        rules: [{ from: [{ source: { namespaces: ['billing'] } }], to: [{ operation: { ports: ['8080'] } }] }],
      },
    })
    expect(await rowsOf('policies')).toMatchObject([
      {
        cells: { action: 'Allow', scope: 'WorkloadSelector', rules: 'namespaces billing and destinationPorts 8080' },
        origin: { kind: 'AuthorizationPolicy', namespace: 'ledger', name: 'readers' },
      },
    ])
    const told = (await rowsOf('workloads')).filter(({ cells }) => cells['policies'] === 'ledger/readers')
    expect(told.map(({ cells }) => String(cells['name']).split('-')[0])).toEqual(['journal'])
  })

  it('is there as its own JSON', async () => {
    const ref = await ztunnel()
    const { config } = await get<{ config: { uid: string }[] }>(proxyPaths.dump(ref, 'workloads'))
    expect(config.map(({ uid }) => uid)).toContain(`west-1//Pod/istio-system/${ref.pod}`)
    expect((await get<{ config: object }>(proxyPaths.dump(ref, 'settings'))).config).toHaveProperty('version.version')
  })

  it('is not told to who may not reach it', async () => {
    const forbidden = await ask(proxyPaths.config(await ztunnel(), 'workloads'), 'viewer')
    expect([forbidden.statusCode, forbidden.json().missing?.resource]).toEqual([403, 'pods/portforward'])
  })

  it('has one log level, in Envoy’s words', async () => {
    const url = proxyPaths.logLevels(await ztunnel())
    const { levels, perLogger, loggers } = await get<ProxyLogLevels>(url)
    expect({ perLogger, loggers }).toEqual({
      perLogger: false,
      loggers: [
        { name: 'hickory_server::server::server_future', level: 'off' },
        { name: 'ztunnel', level: 'info' },
      ],
    })
    expect(levels).not.toContain('critical')
    const set = await ask(url, undefined, { level: 'warning' })
    expect(set.json<ProxyLogLevels>().loggers.at(-1)).toEqual({ name: 'ztunnel', level: 'warning' })
    for (const [body, field] of [
      [{ level: 'critical' }, 'level'],
      [{ level: 'debug', logger: 'ztunnel' }, 'logger'],
    ] as const) {
      const refused = await ask(url, undefined, body)
      expect([refused.statusCode, refused.json().fields[0].field]).toEqual([400, field])
    }
  })
})

describe('log levels of a proxy', () => {
  const levelOf = ({ loggers }: ProxyLogLevels, name: string) => loggers.find((each) => each.name === name)?.level

  it('are read, set for one logger and for all', async () => {
    const url = proxyPaths.logLevels(await proxyOf('catalog'))
    expect(levelOf(await get<ProxyLogLevels>(url), 'rbac')).toBe('warning')
    const one = await ask(url, undefined, { logger: 'rbac', level: 'debug' })
    expect(one.statusCode, one.body).toBe(200)
    expect([levelOf(one.json(), 'rbac'), levelOf(one.json(), 'http')]).toEqual(['debug', 'warning'])
    const all = await ask(url, undefined, { level: 'info' })
    expect(new Set(all.json<ProxyLogLevels>().loggers.map(({ level }) => level))).toEqual(new Set(['info']))
    expect(levelOf(await get<ProxyLogLevels>(url), 'rbac')).toBe('info')
  })

  it('must be levels of loggers that the proxy has', async () => {
    const url = proxyPaths.logLevels(await proxyOf('catalog'))
    const logger = await ask(url, undefined, { logger: 'nothing', level: 'debug' })
    expect([logger.statusCode, logger.json().fields[0].field]).toEqual([400, 'logger'])
    const level = await ask(url, undefined, { level: 'loud' })
    expect([level.statusCode, level.json().fields[0].field]).toEqual([400, 'level'])
    const { statusCode } = await app.inject({ method: 'POST', url, headers: LOCAL, payload: { level: 'info' } })
    expect(statusCode).toBe(403)
  })

  it('are not set by who may only look', async () => {
    const url = proxyPaths.logLevels(await proxyOf('catalog'))
    expect((await ask(url, 'viewer', { level: 'debug' })).statusCode).toBe(403)
  })
})
