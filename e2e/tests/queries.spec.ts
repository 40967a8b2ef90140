import { MESH } from '../support/fleet.ts'
import { expect, test } from '../support/test.ts'

test('the settings lead to what is asked of each Prometheus', async ({ page }) => {
  await page.goto(`/meshes/${MESH}/monitoring/mesh`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('.ant-skeleton')).toHaveCount(0)
  await page.goto('/settings')
  await page.getByRole('link', { name: 'Queries to Prometheus' }).click()
  await expect(page).toHaveURL(/\/settings\/queries$/)
  const servers = page.getByRole('region').filter({ has: page.getByText('Name in /metrics') })
  await expect(servers.first()).toContainText('Asked as needed')
  // Which of its queries are the slowest depends on what else was asked before.
  await expect(page.getByRole('table', { name: 'Slowest queries' }).first()).toContainText(
    /rate\(istio_\w+_(total|bucket)/,
  )
  await expect(page.getByRole('table', { name: 'Limits in force' })).toContainText('--prometheus-max-samples')
})
