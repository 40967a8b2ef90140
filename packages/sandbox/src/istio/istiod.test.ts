import { afterAll, beforeAll, expect, it } from 'vitest'
import { istioObjects } from '../fleets/istio-objects.ts'
import { nodeObjects } from '../fleets/nodes.ts'
import { namespaceObject } from '../fleets/workload-objects.ts'
import { listAt, recordAt, textAt, valueAt } from '../json.ts'
import { Sandbox } from '../sandbox.ts'
import { KUBERNETES_VERSION } from '../sandbox-cluster.ts'
import { gatewayApiCrds, istioCrds } from '../schema/builtin-data.ts'
import { ApiClient } from '../testing/api-client.ts'
import { HandClock } from '../testing/hand-clock.ts'

const clock = new HandClock()
const errors: unknown[] = []
let sandbox: Sandbox
let one: ApiClient
let two: ApiClient

const cluster = (name: string) => ({
  name,
  mesh: 'shop',
  version: KUBERNETES_VERSION,
  objects: [
    ...istioCrds(),
    ...gatewayApiCrds(),
    ...nodeObjects(name, 'east', 2, KUBERNETES_VERSION),
    ...istioObjects({ version: '1.30.3', cluster: name, meshId: 'shop', network: name, gateways: [] }),
    namespaceObject('shop', true),
  ],
})

beforeAll(async () => {
  sandbox = await Sandbox.start({
    clock,
    onError: (error) => errors.push(error),
    fleet: { name: 'test', hub: 'one', people: [], clusters: [cluster('one'), cluster('two')] },
  })
  one = new ApiClient(await sandbox.cluster('one').ownerAccess())
  two = new ApiClient(await sandbox.cluster('two').ownerAccess())
})
afterAll(async () => {
  await sandbox.stop()
  expect(errors).toEqual([])
})

const ROOT = '/api/v1/namespaces/shop/configmaps/istio-ca-root-cert'
const rootOf = async (client: ApiClient, path = ROOT): Promise<string | undefined> =>
  textAt((await client.call('GET', path)).body, 'data', 'root-cert.pem')

it('clusters of one mesh have one root, in every namespace of theirs and in no other', async () => {
  expect(await rootOf(one)).toMatch(/^-----BEGIN CERTIFICATE-----/)
  expect(await rootOf(two)).toBe(await rootOf(one))
  expect((await one.call('GET', ROOT.replace('shop', 'kube-system'))).code).toBe(404)
})

it('the root comes back when it is deleted or changed', async () => {
  const before = await rootOf(one)
  await one.call('DELETE', ROOT)
  await clock.until(async () => (await rootOf(one)) === before)
  await one.call('PATCH', ROOT, { data: { 'root-cert.pem': 'x' } }, { 'content-type': 'application/merge-patch+json' })
  await clock.until(async () => (await rootOf(one)) === before)
})

it('webhooks trust the root, and what istiod would refuse does not pass', async () => {
  const path = '/apis/admissionregistration.k8s.io/v1'
  const { body } = await one.call('GET', `${path}/validatingwebhookconfigurations/istio-validator-istio-system`)
  const [webhook] = listAt(body, 'webhooks')
  const bundle = Buffer.from(textAt(webhook, 'clientConfig', 'caBundle') ?? '', 'base64').toString()
  expect([bundle, textAt(webhook, 'failurePolicy')]).toEqual([await rootOf(one), 'Fail'])
})

it.each([
  ['networking.istio.io/v1', 'WorkloadEntry', 'workloadentries', { address: '*.example.com' }, 'spec.address'],
  ['networking.istio.io/v1', 'WorkloadGroup', 'workloadgroups', { template: {}, probe: {} }, 'probe method'],
  ['extensions.istio.io/v1alpha1', 'WasmPlugin', 'wasmplugins', { url: 'a b' }, 'spec.url'],
  ['networking.istio.io/v1', 'Sidecar', 'sidecars', { egress: [{ hosts: ['reviews'] }] }, 'namespace host'],
  [
    'networking.istio.io/v1alpha3',
    'EnvoyFilter',
    'envoyfilters',
    { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'ADD' } }] },
    'spec.configPatches[0].patch.value: required',
  ],
])('what is wrong with a %s %s is refused', async (apiVersion, kind, plural, spec, words) => {
  const object = { apiVersion, kind, metadata: { name: 'wrong' }, spec }
  const answer = await one.call('POST', `/apis/${apiVersion}/namespaces/shop/${plural}`, object)
  expect([answer.code >= 400, answer.text]).toEqual([true, expect.stringContaining(words)])
})

it('a root that somebody has plugged in comes first', async () => {
  const data = { 'root-cert.pem': Buffer.from('their own').toString('base64') }
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts' }, data }
  await two.call('POST', '/api/v1/namespaces/istio-system/secrets', secret)
  await clock.until(async () => (await rootOf(two)) === 'their own')
})

it('a Gateway gets what serves it, an address, and a status that counts its routes', async () => {
  const gateways = '/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways'
  const edge = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge' },
    spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
  }
  const created = await one.call('POST', gateways, edge)
  expect(recordAt(listAt(created.body, 'status', 'conditions')[0])['message']).toBe('Waiting for controller')
  await one.call('POST', gateways.replace('gateways', 'httproutes'), {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'all' },
    spec: { parentRefs: [{ name: 'edge' }], rules: [{}] },
  })
  const status = async (): Promise<unknown> => valueAt((await one.call('GET', `${gateways}/edge`)).body, 'status')
  await clock.until(async () => JSON.stringify(await status()).includes('Resource programmed'))
  expect(await status()).toMatchObject({
    addresses: [{ type: 'IPAddress', value: expect.stringMatching(/^203\.0\.113\./) }],
    listeners: [{ name: 'http', attachedRoutes: 1 }],
  })
  await one.call('DELETE', `${gateways}/edge`)
  await clock.until(
    async () => (await one.call('GET', '/apis/apps/v1/namespaces/shop/deployments/edge-istio')).code === 404,
  )
})
