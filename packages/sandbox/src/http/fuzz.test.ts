import { afterAll, beforeAll, expect, it } from 'vitest'
import fc from 'fast-check'
import { istioCrds } from '../schema/builtin-data.ts'
import { Sandbox } from '../sandbox.ts'
import { KUBERNETES_VERSION } from '../sandbox-cluster.ts'
import { ApiClient } from '../testing/api-client.ts'

const errors: unknown[] = []
let sandbox: Sandbox
let client: ApiClient

beforeAll(async () => {
  sandbox = await Sandbox.start({
    onError: (error) => errors.push(error),
    fleet: {
      name: 'fuzz',
      hub: 'fuzz',
      people: [],
      clusters: [{ name: 'fuzz', version: KUBERNETES_VERSION, objects: istioCrds() }],
    },
  })
  client = new ApiClient(await sandbox.cluster('fuzz').ownerAccess())
  await client.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' }, data: { k: 'v' } })
})
afterAll(() => sandbox.stop())

const PATHS = [
  '/api/v1/namespaces/default/configmaps',
  '/api/v1/namespaces/default/configmaps/a',
  '/api/v1/namespaces/default/configmaps/a/status',
  '/apis/apps/v1/namespaces/default/deployments',
  '/apis/apps/v1/namespaces/default/deployments/a/scale',
  '/apis/networking.istio.io/v1/namespaces/default/virtualservices',
  '/apis/networking.istio.io/v1/namespaces/default/virtualservices/a',
  '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
  '/api/v1/namespaces',
  '/openapi/v3/api/v1',
  '/apis',
]
const QUERIES = [
  'labelSelector',
  'fieldSelector',
  'limit',
  'continue',
  'resourceVersion',
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'propagationPolicy',
  'gracePeriodSeconds',
]
const TYPES = [
  'application/json',
  'application/yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
]

const word = fc.oneof(
  fc.constantFrom('a', '', 'All', '__proto__', '../..', '%00', 'k in (a,b)', '!x', '-1', '1e9', 'metadata.name=a'),
  fc.string({ maxLength: 12 }),
)
const path = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...PATHS),
      fc.array(word, { maxLength: 7 }).map((parts) => `/${parts.map(encodeURIComponent).join('/')}`),
    ),
    fc.array(fc.tuple(fc.constantFrom(...QUERIES), word), { maxLength: 3 }),
  )
  .map(([base, query]) => `${base}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`)
const object = fc.record(
  {
    apiVersion: fc.constantFrom('v1', 'apps/v1', 'networking.istio.io/v1', 1),
    kind: fc.constantFrom('ConfigMap', 'Deployment', 'VirtualService', 'Namespace', null),
    metadata: fc.oneof(
      fc.record(
        { name: word, labels: fc.jsonValue(), finalizers: fc.jsonValue(), managedFields: fc.jsonValue() },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    ),
    spec: fc.jsonValue(),
    data: fc.jsonValue(),
    rules: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const patch = fc.array(
  fc.record(
    {
      op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
      path: fc.constantFrom('', '/', '/data', '/data/k', '/metadata', '/__proto__/x', '/data/-'),
      from: fc.constantFrom('', '/data', '/metadata/name'),
      value: fc.jsonValue(),
    },
    { requiredKeys: [] },
  ),
)
const body = fc.oneof(
  object.map((value) => JSON.stringify(value)),
  patch.map((value) => JSON.stringify(value)),
  fc.string(),
  fc.constant('a: &a [*a]'),
  fc.constant('{"a":'.repeat(5_000)),
)

it('answers every request with an object, and stays', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      path,
      fc.constantFrom(...TYPES),
      body,
      async (method, at, type, text) => {
        // A watch has no end of its own.
        fc.pre(!at.includes('watch'))
        const answer = await client.call(method, at, method === 'GET' ? undefined : text, { 'content-type': type })
        if (answer.code >= 400 && answer.text !== '404 page not found\n') {
          expect(answer.body['kind'], answer.text).toBe('Status')
          expect(answer.body['code']).toBe(answer.code)
        }
      },
    ),
    { numRuns: 1_500, seed: 7 },
  )
  // A 500 is a request that nobody had thought of.
  expect(errors).toEqual([])
  expect((await client.call('GET', '/readyz')).text).toBe('ok')
})

it('reads no object from bytes that are none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
      const payload = Buffer.concat([Buffer.from('k8s\0'), bytes])
      const answer = await client.call('POST', '/api/v1/namespaces/default/configmaps', payload, {
        'content-type': 'application/vnd.kubernetes.protobuf',
      })
      expect(answer.code).toBeGreaterThanOrEqual(400)
      expect(answer.code).toBeLessThan(500)
    }),
    { numRuns: 200, seed: 7 },
  )
})
