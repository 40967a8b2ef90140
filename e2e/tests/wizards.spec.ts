import type { Locator, Page } from '@playwright/test'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAMESPACE = `wizards-${process.pid}`
const SERVICE = `${NAMESPACE}/store`
const HOST = `${NAMESPACE}.example.com`
const RULES =
  'virtualservices.networking.istio.io,destinationrules.networking.istio.io,serviceentries.networking.istio.io,gateways.networking.istio.io,peerauthentications.security.istio.io,authorizationpolicies.security.istio.io'

const workload = (version: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `store-${version}`, namespace: NAMESPACE },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'store', version } },
    template: {
      metadata: { labels: { app: 'store', version } },
      spec: { containers: [{ name: 'store', image: 'example/store:1', ports: [{ containerPort: 8080 }] }] },
    },
  },
})

test.beforeAll(async () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'store', namespace: NAMESPACE },
    spec: { selector: { app: 'store' }, ports: [{ name: 'http', port: 8080 }] },
  }
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'istio-injection': 'enabled' } },
  }
  for (const object of [namespace, service, workload('v1'), workload('v2')]) await kubectlApply(JSON.stringify(object))
})
test.afterEach(async () => {
  await kubectl(['delete', RULES, '--all', '-n', NAMESPACE])
})
test.afterAll(async () => {
  await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false'])
})

const live = (kind: string, name: string) => kubectlGet([kind, name, '-n', NAMESPACE])
const open = (page: Page, wizard: string, query: Record<string, string> = {}) =>
  page.goto(`/meshes/${MESH}/-wizards/${wizard}?${new URLSearchParams({ service: SERVICE, ...query }).toString()}`)

/** Goes on with the Tab key until something has the focus; the page is left and entered again on the way, if need be. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let press = 0; press < 150; press += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the Tab key does not lead there')
}

/** Through the review to the end. */
async function apply(page: Page, words = ENGLISH): Promise<void> {
  await page.getByRole('button', { name: words.review }).click()
  await page.getByRole('button', { name: words.apply }).click()
  await expect(page.getByText(words.done)).toBeVisible()
}
const ENGLISH = { review: 'Review', apply: 'Apply', done: 'All is applied.' }
const CHINESE = { review: '审核', apply: '应用', done: '已全部应用。' }

test('traffic is split from the page of a service, and taken back as one', async ({ page }) => {
  await page.goto(`/meshes/${MESH}/services/${SERVICE}/overview`)
  await page.getByRole('link', { name: 'Use a wizard' }).click()
  await page.getByRole('link', { name: 'Split traffic by weights' }).click()
  await page.getByRole('spinbutton', { name: 'Share of v1' }).fill('80')
  await page.getByRole('spinbutton', { name: 'Share of v2' }).fill('30')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByText('The shares must sum to 100.')).toBeVisible()
  await page.getByRole('spinbutton', { name: 'Share of v2' }).fill('20')
  await page.keyboard.press('Tab')
  await apply(page)
  expect((await live('virtualservice', 'store'))['spec']).toEqual({
    hosts: ['store'],
    http: [
      {
        route: [
          { destination: { host: 'store', subset: 'v1' }, weight: 80 },
          { destination: { host: 'store', subset: 'v2' }, weight: 20 },
        ],
      },
    ],
  })
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('All is as it was before.')).toBeVisible()
  for (const kind of ['virtualservice', 'destinationrule'])
    await expect(live(kind, 'store')).rejects.toThrow(/NotFound/)
})

test('a canary goes on by keyboard alone, over rules that exist', async ({ page }) => {
  await kubectlApply(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: theirs, namespace: ${NAMESPACE}, annotations: {example.test/unheard: of}}
spec:
  hosts: [store]
  http: [{name: main, timeout: 7s, headers: {request: {set: {x-kept: "1"}}}, route: [{destination: {host: store}}]}]
`)
  await open(page, 'canary')
  const steps = page.getByRole('radiogroup', { name: 'Share of the new version' })
  await expect(steps.getByRole('radio', { name: '5 %', exact: true })).toBeChecked()
  await tabTo(page, steps.getByRole('radio', { name: '5 %', exact: true }))
  await page.keyboard.press('ArrowRight')
  await expect(steps.getByRole('radio', { name: '10 %' })).toBeChecked()
  await page.keyboard.press('Tab')
  await page.keyboard.type('x-tester')
  await page.keyboard.press('Tab')
  await page.keyboard.type('yes')
  await tabTo(page, page.getByRole('button', { name: 'Review' }))
  await page.keyboard.press('Enter')
  const button = page.getByRole('button', { name: 'Apply' })
  await expect(button).toBeEnabled()
  await tabTo(page, button)
  await page.keyboard.press('Enter')
  await expect(page.getByText('All is applied.')).toBeVisible()
  expect(await live('virtualservice', 'theirs')).toMatchObject({
    metadata: { annotations: { 'example.test/unheard': 'of' } },
    spec: {
      http: [
        { match: [{ headers: { 'x-tester': { exact: 'yes' } } }], route: [{ destination: { subset: 'v2' } }] },
        {
          name: 'main',
          timeout: '7s',
          headers: { request: { set: { 'x-kept': '1' } } },
          route: [{ weight: 90 }, { weight: 10 }],
        },
      ],
    },
  })
})

test('requests are mirrored, and fail on purpose until they need not', async ({ page }) => {
  await open(page, 'mirror', { version: 'v2', percentage: '20' })
  await apply(page)
  await open(page, 'fault', { kind: 'abort', status: '503', percentage: '50' })
  await apply(page)
  expect((await live('virtualservice', 'store'))['spec']).toMatchObject({
    http: [
      {
        mirror: { host: 'store', subset: 'v2' },
        mirrorPercentage: { value: 20 },
        fault: { abort: { httpStatus: 503, percentage: { value: 50 } } },
      },
    ],
  })
  await open(page, 'fault', { kind: 'none' })
  await apply(page)
  expect(JSON.stringify(await live('virtualservice', 'store'))).not.toContain('httpStatus')
})

test('waiting is limited by timeout, retries and circuit breaking', async ({ page }) => {
  await open(page, 'timeout')
  await page.getByRole('textbox', { name: 'Timeout', exact: true }).fill('soon')
  await expect(page.getByText('Write a time such as 5s or 200ms.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Timeout', exact: true }).fill('6s')
  await apply(page)
  await open(page, 'breaker', { maxConnections: '50' })
  await apply(page)
  expect((await live('virtualservice', 'store'))['spec']).toMatchObject({
    http: [{ timeout: '6s', retries: { attempts: 2, perTryTimeout: '3s' } }],
  })
  expect((await live('destinationrule', 'store'))['spec']).toMatchObject({
    trafficPolicy: { connectionPool: { tcp: { maxConnections: 50 } }, outlierDetection: { consecutive5xxErrors: 5 } },
  })
})

test('mutual TLS becomes strict after a look at who speaks plain text', async ({ page }) => {
  await page.goto(`/meshes/${MESH}/-wizards/mtls?namespace=legacy`)
  await expect(page.getByText(/spoke plain text|who calls now is not known/i).first()).toBeVisible()
  await page.goto(`/meshes/${MESH}/-wizards/mtls?namespace=${NAMESPACE}`)
  await apply(page)
  expect((await live('peerauthentication', 'default'))['spec']).toEqual({ mtls: { mode: 'STRICT' } })
})

test('only some may call, and who calls now and could not is named', async ({ page }) => {
  await page.goto(`/meshes/${MESH}/-wizards/allow?service=shop/reviews&namespaces=${NAMESPACE}`)
  await expect(page.getByText('These called in the last hour and would be refused:')).toBeVisible()
  await open(page, 'allow', { principals: `cluster.local/ns/${NAMESPACE}/sa/front`, methods: 'GET' })
  await apply(page)
  expect((await live('authorizationpolicy', 'allow-store'))['spec']).toEqual({
    selector: { matchLabels: { app: 'store' } },
    action: 'ALLOW',
    rules: [
      {
        from: [{ source: { principals: [`cluster.local/ns/${NAMESPACE}/sa/front`] } }],
        to: [{ operation: { methods: ['GET'] } }],
      },
    ],
  })
})

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' })

  test('a service is exposed at the edge with TLS', async ({ page }) => {
    await open(page, 'expose')
    await page.getByRole('textbox', { name: '域名' }).fill(HOST)
    await page.getByRole('combobox', { name: '网关 Pod' }).fill('istio=ingressgateway')
    await page.getByRole('combobox', { name: 'TLS 密钥' }).fill('store-tls')
    await page.keyboard.press('Tab')
    await apply(page, CHINESE)
    expect((await live('gateways.networking.istio.io', 'store'))['spec']).toMatchObject({
      selector: { istio: 'ingressgateway' },
      servers: [{ tls: { httpsRedirect: true } }, { tls: { mode: 'SIMPLE', credentialName: 'store-tls' } }],
    })
    expect((await live('virtualservice', 'store-edge'))['spec']).toMatchObject({
      hosts: [HOST],
      gateways: ['store'],
      http: [{ route: [{ destination: { host: 'store', port: { number: 8080 } } }] }],
    })
  })

  test('a host outside is reached, with TLS begun by the sidecar', async ({ page }) => {
    await page.goto(`/meshes/${MESH}/-wizards/external?host=api.${HOST}&namespace=${NAMESPACE}`)
    await page.getByRole('switch', { name: '由 sidecar 加密' }).click()
    await apply(page, CHINESE)
    const name = `api.${HOST}`.replaceAll('.', '-')
    expect((await live('serviceentry', name))['spec']).toMatchObject({
      ports: [{ number: 80, targetPort: 443, protocol: 'HTTP' }],
    })
    expect((await live('destinationrule', name))['spec']).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ tls: { mode: 'SIMPLE', sni: `api.${HOST}` } }] },
    })
  })

  test('a link of a list leads to the wizards', async ({ page }) => {
    await page.goto(`/meshes/${MESH}/virtual-services/-create?cluster=${HUB_CLUSTER}&namespace=${NAMESPACE}`)
    await page.getByRole('link', { name: '使用向导' }).click()
    await expect(page.getByRole('heading', { level: 1, name: '向导' })).toBeVisible()
    await expect(page.getByRole('link', { name: '金丝雀发布' })).toBeVisible()
  })
})

/** Each wizard in the language that its own journey above does not speak, from an address that holds all answers. */
for (const { locale, words, wizards } of [
  {
    locale: 'zh-CN',
    words: CHINESE,
    wizards: {
      split: { query: { shares: 'v1=80,v2=20' }, made: ['virtualservice', 'store'] },
      canary: { query: { stable: 'v1', canary: 'v2', share: '25' }, made: ['virtualservice', 'store'] },
      mirror: { query: { version: 'v2', percentage: '20' }, made: ['virtualservice', 'store'] },
      fault: { query: { kind: 'abort', status: '503', percentage: '50' }, made: ['virtualservice', 'store'] },
      timeout: { query: { timeout: '6s' }, made: ['virtualservice', 'store'] },
      breaker: { query: { maxConnections: '50' }, made: ['destinationrule', 'store'] },
      mtls: { query: { namespace: NAMESPACE }, made: ['peerauthentication', 'default'] },
      allow: {
        query: { principals: `cluster.local/ns/${NAMESPACE}/sa/front` },
        made: ['authorizationpolicy', 'allow-store'],
      },
    },
  },
  {
    locale: 'en-US',
    words: ENGLISH,
    wizards: {
      expose: {
        query: { host: HOST, selector: 'istio=ingressgateway', credential: 'store-tls' },
        made: ['gateways.networking.istio.io', 'store'],
      },
      external: {
        query: { host: `api.${HOST}`, namespace: NAMESPACE },
        made: ['serviceentry', `api.${HOST}`.replaceAll('.', '-')],
      },
    },
  },
] as const) {
  test.describe(`from an address, in ${locale}`, () => {
    test.use({ locale })
    for (const [wizard, { query, made }] of Object.entries(wizards)) {
      test(`${wizard} ends in ordinary objects`, async ({ page }) => {
        await open(page, wizard, query)
        await apply(page, words)
        expect((await live(made[0], made[1]))['spec']).toBeDefined()
      })
    }
  })
}
