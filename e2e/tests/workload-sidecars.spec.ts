import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAMESPACE = 'playground'
const template = (path: string): Promise<string> =>
  kubectl(['get', 'deployment', '-n', NAMESPACE, 'sleep', '-o', `jsonpath={.spec.template.metadata.${path}}`])

test.afterAll(async () => {
  const metadata = {
    labels: { 'sidecar.istio.io/inject': null },
    annotations: { 'sidecar.istio.io/proxyCPU': null, 'traffic.sidecar.istio.io/excludeOutboundIPRanges': null },
  }
  const patch = JSON.stringify({ spec: { template: { metadata } } })
  await kubectl(['patch', 'deployment', '-n', NAMESPACE, 'sleep', '--type=merge', '-p', patch])
})

test('one workload is given a sidecar, with resources and traffic past it, and loses it again', async ({ page }) => {
  test.setTimeout(150_000)
  await page.goto(`/meshes/${MESH}/sidecars/namespaces`)
  await page.getByRole('navigation', { name: 'Sidecars by' }).getByRole('link', { name: 'Workloads' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Sidecars of workloads' })).toBeVisible()
  await page.getByRole('searchbox').or(page.getByPlaceholder('Search by name')).first().fill('sleep')
  const row = page.getByRole('row').filter({ hasText: NAMESPACE }).filter({ hasText: HUB_CLUSTER })
  await expect(row).toContainText('0 of')
  const menu = row.getByRole('button', { name: /More actions/ })
  const dialog = page.getByRole('dialog')

  await test.step('enable', async () => {
    await menu.click()
    await page.getByRole('menuitem', { name: 'Enable injection' }).click()
    await expect(dialog).toContainText('sidecar.istio.io/inject')
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await expect(dialog.getByText('changed', { exact: true })).toBeVisible()
    await expect(dialog.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    expect(await template('labels')).toContain('"sidecar.istio.io/inject":"true"')
    await expect(row).not.toContainText('0 of', { timeout: 30_000 })
  })

  await test.step('settings', async () => {
    await menu.click()
    await page.getByRole('menuitem', { name: 'Sidecar settings' }).click()
    await dialog.getByLabel('CPU request').fill('much')
    await expect(dialog.getByRole('alert')).toContainText('Write quantities such as 100m')
    await expect(dialog.getByRole('button', { name: 'Apply' })).toBeDisabled()
    await dialog.getByLabel('CPU request').fill('50m')
    await dialog.getByLabel('Outbound ranges (CIDR)').fill('10.1.0.0/16')
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await expect(dialog.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await expect(row).toContainText('50m / –')
    const pods = ['get', 'pods', '-n', NAMESPACE, '-o', 'jsonpath={.items[*].spec..resources.requests.cpu}']
    await expect.poll(() => kubectl(pods)).toContain('50m')
    expect(await template('annotations')).toContain('"traffic.sidecar.istio.io/excludeOutboundIPRanges":"10.1.0.0/16"')
  })

  await test.step('disable', async () => {
    await menu.click()
    await page.getByRole('menuitem', { name: 'Disable injection' }).click()
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await expect(dialog.getByText(/^Done/)).toBeVisible({ timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await expect(row).toContainText('0 of', { timeout: 30_000 })
  })
})
