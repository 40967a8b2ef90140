import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const SERVICE = `/meshes/${MESH}/services/shop/reviews`
let tries = 0
/** Of its own for each test and each try. */
let name = ''

test.beforeEach(() => {
  name = `leaving-${process.pid}-${(tries += 1)}`
})
test.afterEach(async () => {
  await kubectl(['delete', '--ignore-not-found', '-n', 'shop', 'virtualservice,destinationrule', name])
})

test('a service is looked at from all sides', async ({ page }) => {
  await page.goto(`${SERVICE}/overview`)

  await page.getByRole('tab', { name: 'Instances' }).click()
  const instance = page.getByRole('row').filter({ hasText: 'Deployment/reviews-v1' }).first()
  await expect(instance).toContainText('Ready')
  await expect(instance).toContainText(HUB_CLUSTER)

  await page.getByRole('tab', { name: 'Versions' }).click()
  const versions = page.getByRole('table', { name: 'Versions' })
  await expect(versions.getByRole('row').filter({ hasText: 'v1' }).first()).toContainText('%')

  await page.getByRole('tab', { name: 'Traffic' }).click()
  await expect(page.getByRole('figure', { name: 'Requests, as clients see them' })).toBeVisible()
  await page.getByText('15 min', { exact: true }).click()
  await expect(page).toHaveURL(/range=15m/)

  await page.getByRole('tab', { name: 'Topology' }).click()
  await page.getByText('Table', { exact: true }).click()
  await expect(page.getByRole('table', { name: 'Call paths of the mesh' })).toContainText('reviews')

  await page.getByRole('tab', { name: 'Rules' }).click()
  await expect(
    page.getByRole('table', { name: 'Rules' }).getByRole('row').filter({ hasText: 'VirtualService' }).first(),
  ).toContainText('names this service')

  await page.goto(`${SERVICE}/versions`)
  await page.getByRole('link', { name: 'Split traffic' }).click()
  await expect(page).toHaveURL(/-wizards\/split\?service=shop%2Freviews/)
})

test('a deletion names who refers, and the history who deleted it and why', async ({ pageOf }) => {
  await kubectlApply(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: ${name}, namespace: shop}
spec:
  host: ${name}.example.test
  subsets: [{name: v7, labels: {version: v7}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: shop}
spec:
  hosts: [${name}.example.test]
  http: [{route: [{destination: {host: ${name}.example.test, subset: v7}}]}]
`)
  const page = await pageOf('admin')
  await page.goto(`/meshes/${MESH}/history?search=${name}`)
  const row = (text: string) => page.getByRole('row').filter({ hasText: text })
  await expect(row('Created')).toHaveCount(2, { timeout: 10_000 })

  const rule = `/meshes/${MESH}/destination-rules/shop/${name}?cluster=${HUB_CLUSTER}`
  await page.goto(`${rule}&tab=references`)
  await expect(page.getByRole('table', { name: 'Used by' })).toContainText('subset v7')
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('It is named in 1 place, which would then name nothing:')
  await expect(dialog).toContainText('spec.http[0].route[0].destination.subset')
  await dialog.getByLabel('Reason (optional)').fill('nobody calls it')
  await dialog.getByLabel(`Type the name ${name} to go on`).fill(name)
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(dialog).toHaveCount(0)

  await page.goto(`/meshes/${MESH}/history?search=${name}`)
  await expect(row('Deleted')).toContainText('nobody calls it', { timeout: 10_000 })
  await expect(row('Deleted')).toContainText('admin')
})
