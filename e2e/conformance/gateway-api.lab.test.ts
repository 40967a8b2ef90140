/** What istiod writes into the statuses of Gateways and routes, in the lab and in the sandbox. */
import { readFile } from 'node:fs/promises'
import { createConnection, parseKubeconfig } from '@meshdeck/kube-client'
import type { ClusterConnection } from '@meshdeck/kube-client'
import { labState } from '@meshdeck/lab'
import { kubeconfigOf, Sandbox } from '@meshdeck/sandbox'
import type { KubeObject } from '@meshdeck/sandbox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { labFleet } from '../testbed/lab-fleet.ts'

const NAMESPACE = `gateways-${process.pid}`
const OTHER = `routes-${process.pid}`
const GROUP = 'gateway.networking.k8s.io'
const PLURALS: Readonly<Record<string, string>> = {
  Gateway: `/apis/${GROUP}/v1/namespaces/NS/gateways`,
  HTTPRoute: `/apis/${GROUP}/v1/namespaces/NS/httproutes`,
  ReferenceGrant: `/apis/${GROUP}/v1/namespaces/NS/referencegrants`,
  Service: '/api/v1/namespaces/NS/services',
}

const object = (kind: string, name: string, spec: object, namespace = NAMESPACE): KubeObject => ({
  apiVersion: kind === 'Service' ? 'v1' : `${GROUP}/v1`,
  kind,
  metadata: { name, namespace },
  spec,
})
const http = { name: 'http', port: 80, protocol: 'HTTP' }
const web = { name: 'web', port: 80 }
const route = (name: string, parent: object, backend: object = web, more: object = {}, namespace = NAMESPACE) =>
  object('HTTPRoute', name, { parentRefs: [parent].flat(), rules: [{ backendRefs: [backend] }], ...more }, namespace)
const shop = { hostnames: ['shop.example.com'] }

const OBJECTS: readonly KubeObject[] = [
  object('Service', 'web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] }),
  object('Gateway', 'edge', {
    gatewayClassName: 'istio',
    listeners: [
      { ...http, hostname: '*.example.com', allowedRoutes: { namespaces: { from: 'Same' } } },
      {
        name: 'tls',
        port: 443,
        protocol: 'HTTPS',
        hostname: 'a.example.com',
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'missing' }] },
      },
      { name: 'all', port: 8_080, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } },
      { name: 'odd', port: 8_081, protocol: 'FOO' },
      { name: 'tcp', port: 9_000, protocol: 'TCP' },
    ],
  }),
  object('Gateway', 'plain', { gatewayClassName: 'istio', listeners: [http] }),
  object('Gateway', 'foreign', { gatewayClassName: 'another', listeners: [http] }),
  object('Gateway', 'elsewhere', {
    gatewayClassName: 'istio',
    addresses: [{ type: 'Hostname', value: 'istio-ingressgateway.istio-system.svc.cluster.local' }],
    listeners: [http],
  }),
  route('good', { name: 'edge', sectionName: 'http' }, web, shop),
  route('both', { name: 'edge' }, web, shop),
  route('no-backend', { name: 'plain' }, { name: 'nothere', port: 80 }),
  route('odd-backend', { name: 'plain' }, { name: 'web', port: 80, group: 'x.io', kind: 'Weird' }),
  route('not-granted', { name: 'plain' }, { name: 'web', namespace: OTHER, port: 80 }),
  route(
    'granted',
    { name: 'edge', namespace: NAMESPACE, sectionName: 'all' },
    { ...web, namespace: NAMESPACE },
    {},
    OTHER,
  ),
  object('ReferenceGrant', 'from-routes', {
    from: [{ group: GROUP, kind: 'HTTPRoute', namespace: OTHER }],
    to: [{ group: '', kind: 'Service' }],
  }),
  route(
    'not-allowed',
    { name: 'edge', namespace: NAMESPACE, sectionName: 'http' },
    { ...web, namespace: NAMESPACE },
    shop,
    OTHER,
  ),
  route('wrong-host', { name: 'edge', sectionName: 'http' }, web, { hostnames: ['shop.other.com'] }),
  route('wrong-section', { name: 'plain', sectionName: 'nosuch' }),
  route('no-gateway', { name: 'none' }),
  route('foreign', { name: 'foreign' }),
  route('mesh', [
    { group: '', kind: 'Service', name: 'web' },
    { group: '', kind: 'Service', name: 'absent' },
  ]),
]

const errors: unknown[] = []
let lab: ClusterConnection
let simulated: ClusterConnection
let sandbox: Sandbox

beforeAll(async () => {
  const [cluster] = (await labState()).clusters
  lab = connect('lab', await readFile(cluster?.kubeconfig ?? '', 'utf8'))
  sandbox = await Sandbox.start({ fleet: labFleet(), onError: (error) => errors.push(error) })
  simulated = connect('sandbox', kubeconfigOf([await sandbox.cluster('alpha').ownerAccess()]))
})
afterAll(async () => {
  for (const name of [NAMESPACE, OTHER]) await lab.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` })
  await lab.close()
  await simulated.close()
  await sandbox.stop()
  expect(errors).toEqual([])
})

function connect(name: string, kubeconfig: string): ClusterConnection {
  return createConnection(parseKubeconfig(kubeconfig, { source: 'file', directory: '/' }), { name })
}

const pathOf = ({ kind, metadata }: KubeObject): string => (PLURALS[kind] ?? '').replace('NS', metadata.namespace ?? '')

async function make(connection: ClusterConnection): Promise<void> {
  for (const name of [NAMESPACE, OTHER]) {
    await connection.request({
      method: 'POST',
      path: '/api/v1/namespaces',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    })
  }
  for (const body of OBJECTS) await connection.request({ method: 'POST', path: pathOf(body), body })
}

/** Statuses by kind and name, without times, and with addresses as one word. */
async function statuses(connection: ClusterConnection): Promise<Record<string, unknown>> {
  const found = await Promise.all(
    OBJECTS.filter(({ kind }) => kind === 'Gateway' || kind === 'HTTPRoute').map(async (each) => {
      const { body } = await connection.request<KubeObject>({ path: `${pathOf(each)}/${each.metadata.name}` })
      const text = JSON.stringify(body.status ?? {}, (name: string, value: unknown) => {
        if (name === 'lastTransitionTime') return undefined
        // Conditions are a set, and so are a route's parents.
        return Array.isArray(value) ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value
      })
      return [
        `${each.kind} ${each.metadata.name}`,
        sortedKeys(JSON.parse(text.replaceAll(/203\.0\.113\.\d+/g, '(ip)'))),
      ]
    }),
  )
  return Object.fromEntries(found)
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sortedKeys)
    return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => [name, sortedKeys(field)]),
  )
}

/** Nobody gives addresses in the lab, so this does. */
async function giveAddresses(): Promise<void> {
  for (const name of ['edge-istio', 'plain-istio']) {
    const path = `/api/v1/namespaces/${NAMESPACE}/services/${name}`
    await expect
      .poll(
        () =>
          lab.request({ path }).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true)
    await lab.request({
      method: 'PATCH',
      path: `${path}/status`,
      body: { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } },
      contentType: 'application/merge-patch+json',
    })
  }
}

it('are the same word for word', { timeout: 90_000 }, async () => {
  await Promise.all([make(lab), make(simulated)])
  await giveAddresses()
  const programmed = async (connection: ClusterConnection): Promise<boolean> =>
    JSON.stringify((await statuses(connection))['Gateway plain']).includes('Resource programmed')
  await expect.poll(() => programmed(lab), { timeout: 30_000 }).toBe(true)
  await expect.poll(() => programmed(simulated), { timeout: 30_000 }).toBe(true)
  expect(await statuses(simulated)).toEqual(await statuses(lab))
})

it('come with a Deployment and a Service of the same labels and ports', async () => {
  const shapes = async (connection: ClusterConnection): Promise<unknown> => {
    const read = async (path: string): Promise<KubeObject> => (await connection.request<KubeObject>({ path })).body
    const deployment = await read(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/edge-istio`)
    const service = await read(`/api/v1/namespaces/${NAMESPACE}/services/edge-istio`)
    const { ports, selector, type } = Object(service.spec)
    return sortedKeys({
      deployment: deployment.metadata.labels,
      template: Object(deployment.spec).template.metadata,
      service: service.metadata.labels,
      ports: ports.map((port: object) => ({ ...port, nodePort: '(own)' })),
      selector,
      type,
    })
  }
  expect(await shapes(simulated)).toEqual(await shapes(lab))
})
