import { MESH } from '../support/fleet.ts'
import { kubectl } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAME = 'journey-availability'
const LEVELS = `/meshes/${MESH}/service-levels`

test.afterEach(() => kubectl(['delete', 'servicelevels.meshdeck.io', NAME, '--ignore-not-found']))

test('a service level is made from its service, tells how it is kept, has rules, is changed and deleted', async ({
  page,
}) => {
  await page.goto(`/meshes/${MESH}/services/shop/cart/overview`)
  const card = page.getByRole('region', { name: 'Service levels' })
  await card.getByRole('link', { name: 'Create one' }).click()

  // What is wrong is said at its field, and nothing is sent.
  const target = page.getByRole('spinbutton', { name: 'Target' })
  await target.fill('100')
  await expect(page.getByText('Nothing can promise 100 %', { exact: false })).toBeVisible()
  await target.fill('50')
  await page.getByRole('textbox', { name: 'Name' }).fill(NAME)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText(`The service level ${NAME} was created in the hub.`)).toBeVisible()
  await page.getByRole('link', { name: 'Open it' }).click()

  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible()
  await expect(page.getByText('Met', { exact: true })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Error budget left over the window/ })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('kind: PrometheusRule')).toBeVisible()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe(`meshdeck-service-level-${NAME}.yaml`)

  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByRole('textbox', { name: 'Description' }).fill('People can fill their cart.')
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('link', { name: /^To the list/ }).click()
  await expect(page).toHaveURL(new RegExp(LEVELS))
  await page.getByRole('link', { name: NAME }).click()
  await expect(page.getByText('People can fill their cart.').first()).toBeVisible()

  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(NAME)
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(page).toHaveURL(new RegExp(`${LEVELS}$`))
  await expect(page.getByRole('link', { name: NAME })).toHaveCount(0)
})
