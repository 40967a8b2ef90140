import type { Page } from '@playwright/test'
import { LOOKS, violationsOf } from '../support/accessibility.ts'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAMESPACE = 'ambient-journey'
const ZTUNNELS = 'ztunnel-journey'
const container = (name: string, image: string) => ({ containers: [{ name, image }] })
const template = (app: string, spec: object) => ({
  selector: { matchLabels: { app } },
  template: { metadata: { labels: { app, 'sidecar.istio.io/inject': 'false' } }, spec },
})

/** An ambient namespace with one workload and a rule for it, and a ztunnel on each node. */
const OBJECTS = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE, labels: { 'istio.io/dataplane-mode': 'ambient' } },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ZTUNNELS } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ledger', namespace: NAMESPACE } },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'ledger', namespace: NAMESPACE },
    spec: template('ledger', { serviceAccountName: 'ledger', ...container('ledger', 'ledger:1') }),
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'ledger', namespace: NAMESPACE },
    spec: { selector: { app: 'ledger' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'ledger-readers', namespace: NAMESPACE },
    spec: { rules: [{ from: [{ source: { namespaces: ['shop'] } }] }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'ztunnel', namespace: ZTUNNELS },
    spec: template('ztunnel', container('istio-proxy', 'docker.io/istio/ztunnel:1.30.3')),
  },
]

let pods: string[] = []

test.beforeAll(async () => {
  for (const object of OBJECTS) await kubectlApply(JSON.stringify(object))
  for (const [namespace, name] of [
    [NAMESPACE, 'ledger'],
    [ZTUNNELS, 'ztunnel'],
  ] as const)
    await kubectl(['rollout', 'status', '-n', namespace, `daemonset/${name}`, '--timeout=60s'])
  const names = await kubectl(['get', 'pods', '-n', ZTUNNELS, '-o', 'jsonpath={.items[*].metadata.name}'])
  pods = names.split(' ').toSorted()
})
test.afterAll(async () => {
  await kubectl(['delete', 'namespace', '--ignore-not-found', NAMESPACE, ZTUNNELS])
})

const pageOf = (section: string): string =>
  `/meshes/${MESH}/proxies/${HUB_CLUSTER}/${ZTUNNELS}/${pods[0] ?? ''}/${section}`

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('main').getByRole('searchbox').fill(text)
}

test('a ztunnel is found, and what it has leads to the objects', async ({ page }) => {
  const [pod = '', other = ''] = pods
  await page.goto(`/meshes/${MESH}/monitoring/ztunnel`)
  await page.getByRole('link', { name: 'Configuration of each ztunnel' }).click()
  const listed = page.getByRole('row').filter({ hasText: pod })
  await expect(listed).toContainText('Synced')
  await listed.getByRole('link', { name: pod }).click()
  await expect(page.getByRole('heading', { level: 1, name: pod })).toBeVisible()

  await search(page, NAMESPACE)
  const workload = page.getByRole('region', { name: 'Workloads' }).getByRole('row').filter({ hasText: 'HBONE' })
  await expect(workload).toHaveCount(pods.length)
  await expect(workload.first()).toContainText('Healthy')

  await page.getByRole('tab', { name: 'Policies' }).click()
  await search(page, NAMESPACE)
  const policy = page.getByRole('region', { name: 'Policies' }).getByRole('row').filter({ hasText: 'namespaces shop' })
  await expect(policy).toContainText('Allow')
  await policy.getByRole('link', { name: 'ledger-readers' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /ledger-readers/ })).toBeVisible()

  await page.goto(pageOf('services'))
  await search(page, NAMESPACE)
  const service = page.getByRole('region', { name: 'Services' }).getByRole('row').filter({ hasText: NAMESPACE })
  await expect(service).toContainText(`${pods.length}/${pods.length}`)
  await service.getByRole('button', { name: /More actions/ }).click()
  await page.getByRole('menuitem', { name: 'ztunnel’s JSON' }).click()
  await expect(page.getByRole('dialog')).toContainText(`"hostname": "ledger.${NAMESPACE}.svc.cluster.local"`)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

  await page.getByRole('tab', { name: 'Configuration' }).click()
  await page.getByRole('combobox', { name: 'Compare with' }).fill(other)
  await page.getByTitle(`${HUB_CLUSTER}/${ZTUNNELS}/${other}`).click()
  const different = page.getByRole('region', { name: `Differences to ${other}` }).getByRole('row')
  await expect(different.filter({ hasText: 'config.localNode' })).toContainText('Different')
  await expect(different.filter({ hasText: 'config.clusterId' })).toHaveCount(0)
})

test('a ztunnel’s log level is changed', async ({ page }) => {
  await page.goto(pageOf('ztunnel-log-level'))
  const table = page.getByRole('table', { name: 'Loggers and their levels' })
  await expect(table.getByRole('row', { name: 'ztunnel info' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Level' }).click()
  await page.getByTitle('warning').click()
  await page.getByRole('button', { name: 'Set the level' }).click()
  await expect(table.getByRole('row', { name: 'ztunnel warning' })).toBeVisible()
})

test('who may only look is told which right is missing', async ({ pageOf: pageOfPerson }) => {
  const page = await pageOfPerson('viewer')
  await page.goto(pageOf('workloads'))
  await expect(page.getByRole('alert')).toContainText('pods/portforward')
})

for (const { locale, colorScheme } of LOOKS) {
  test.describe(`in ${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme })
    for (const section of [
      'workloads',
      'services',
      'policies',
      'workload-certificates',
      'settings',
      'ztunnel-log-level',
    ]) {
      test(`${section} of a ztunnel are accessible`, async ({ page }) => {
        await page.goto(pageOf(section))
        await expect(page.getByRole('main').getByRole('table').first()).toBeVisible()
        await expect(page.locator('.ant-skeleton')).toHaveCount(0)
        expect(await violationsOf(page)).toEqual([])
      })
    }
  })
}
