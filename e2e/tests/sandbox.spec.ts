import type { Page } from '@playwright/test'
import { startStack, type Stack } from '../support/stack.ts'
import { expect, test } from '../support/test.ts'

/** A newcomer: `npm start` and nothing else. */
let stack: Stack

test.beforeAll(async () => {
  stack = await startStack()
})
test.afterAll(async () => stack.stop())

/** Requests a second on a path, as the topology's table shows them now. */
async function rate(page: Page, source: string, target: string): Promise<number> {
  const table = page.getByRole('table', { name: 'Call paths of the mesh' })
  await expect(table).toBeVisible()
  const columns = await table.getByRole('columnheader').allInnerTexts()
  const row = table
    .getByRole('row')
    .filter({ has: page.getByRole('cell').nth(0).getByRole('button', { name: source, exact: true }) })
    .filter({ has: page.getByRole('cell').nth(1).getByRole('button', { name: target, exact: true }) })
  await expect(row, `${source} → ${target}`).toHaveCount(1)
  return Number(await row.getByRole('cell').nth(columns.indexOf('Requests/s')).locator('data').getAttribute('value'))
}

const topology = (page: Page): Promise<unknown> =>
  page.goto(`${stack.url}meshes/shop/topology?display=table&clusters=east-1`)

test('the embedded fleet has two meshes, whose traffic is there at once', async ({ page }) => {
  await page.goto(`${stack.url}meshes`)
  await expect(page.getByRole('link', { name: 'shop', exact: true })).toBeVisible()
  await expect(page.getByRole('link', { name: 'billing', exact: true })).toBeVisible()
  await topology(page)
  expect(await rate(page, 'istio-ingressgateway', 'frontend-v1')).toBeGreaterThan(30)
})

test('a weight that is changed in the console shows in the topology within a minute or so', async ({ page }) => {
  test.setTimeout(150_000)
  await topology(page)
  const before = (await rate(page, 'frontend-v1', 'reviews-v1')) / (await rate(page, 'frontend-v1', 'reviews-v2'))
  expect(before).toBeGreaterThan(5)

  await page.goto(`${stack.url}meshes/shop/virtual-services/shop/reviews/-edit?cluster=east-1`)
  for (const index of [0, 1]) {
    await page.getByLabel('Weight').nth(index).fill('50')
    await page.keyboard.press('Tab')
  }
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByText('The API server and istiod accept it (dry run)')).toBeVisible()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('The virtual service shop / reviews was changed in east-1.')).toBeVisible()

  await expect
    .poll(
      async () => {
        await topology(page)
        return (await rate(page, 'frontend-v1', 'reviews-v1')) / (await rate(page, 'frontend-v1', 'reviews-v2'))
      },
      { timeout: 100_000, intervals: [5_000] },
    )
    .toBeLessThan(1.2)
})
