import { MESH, SECOND, SECOND_CONTEXT } from '../support/fleet.ts'
import { expect, test } from '../support/test.ts'
import { testbed } from '../testbed/testbed.ts'

test.describe('a cluster that is switched off', () => {
  test.setTimeout(180_000)
  test.afterEach(async () => {
    await (await testbed()).startCluster(SECOND_CONTEXT)
  })

  test('is named in a banner, leaves the pages of the other working, and heals without a reload', async ({ page }) => {
    await page.goto(`/meshes/${MESH}/virtual-services`)
    const table = page.getByRole('table')
    await expect(table.getByRole('link', { name: 'warehouse' })).toBeVisible()
    await expect(table.getByRole('link', { name: 'frontend' })).toBeVisible()
    // Gone after a reload.
    await page.evaluate(() => {
      document.body.dataset['mark'] = 'same page'
    })

    await (await testbed()).stopCluster(SECOND_CONTEXT)
    // The overview names it twice: in the banner above all, and where its figures are missing.
    const banner = page.getByRole('alert').filter({ hasText: SECOND }).first()
    await expect(banner).toBeVisible({ timeout: 60_000 })
    await expect(banner).toContainText(/cannot be reached/)

    const menu = page.getByRole('navigation', { name: 'Mesh', exact: true })
    for (const name of ['Services', 'Sidecars', 'Destination rules', 'Overview', 'Virtual services']) {
      await menu.getByRole('link', { name, exact: true }).click()
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(banner).toBeVisible()
      // What the hub's own cluster has is there, whatever became of the other.
      await expect(page.locator('main')).toContainText(name === 'Overview' ? 'alpha' : /shop|backend/)
    }
    await table.getByRole('link', { name: 'frontend' }).click()
    await expect(page.locator('main')).toContainText('shop.example')
    await page.goBack()

    await (await testbed()).startCluster(SECOND_CONTEXT)
    await expect(banner).toBeHidden({ timeout: 90_000 })
    await expect(table.getByRole('link', { name: 'warehouse' })).toBeVisible()
    expect(await page.evaluate(() => document.body.dataset['mark'])).toBe('same page')
  })
})
