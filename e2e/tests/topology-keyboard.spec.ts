import type { Locator, Page } from '@playwright/test'
import { violationsOf } from '../support/accessibility.ts'
import { MESH } from '../support/fleet.ts'
import { expect, test } from '../support/test.ts'

/** More stops than any page has. */
const MOST_STOPS = 250

/** Presses Tab until something has the focus, as somebody does who has no mouse. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible()
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the Tab key does not come to ${String(wanted)}`)
}

async function isClean(page: Page, place: string): Promise<void> {
  expect(await violationsOf(page), place).toEqual([])
}

test('the topology is read and used by the Tab key alone, and axe has nothing to say', async ({ page }) => {
  test.setTimeout(300_000)
  await page.goto(`/meshes/${MESH}/topology`)
  await expect(page.getByRole('application', { name: /^Graph/ })).toBeVisible()
  await expect(page.getByRole('img', { name: /^Graph of/ })).toBeVisible()
  await isClean(page, 'the picture')

  // The picture says where its twin is.
  await page.keyboard.press('t')
  const table = page.getByRole('table', { name: 'Call paths of the mesh' })
  await expect(table).toBeVisible()
  await isClean(page, 'the table')

  // From a row to the panel of its node, to a form that begins with its service, and back.
  await tabTo(page, table.getByRole('button', { name: 'cart', exact: true }).first())
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: 'cart' })
  await expect(panel.getByRole('heading', { level: 2 })).toBeFocused()
  await expect(
    panel
      .getByRole('table', { name: /Called by/ })
      .or(panel.getByText('Called by'))
      .first(),
  ).toBeVisible()
  const form = panel.getByRole('link', { name: 'Split traffic by weights' })
  await isClean(page, 'the panel')
  await tabTo(page, form)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Split traffic by weights' })).toBeVisible()
  await expect(page).toHaveURL(/service=shop%2Fcart/)
  await page.goBack()
  await expect(panel).toBeVisible()
  await tabTo(page, panel.getByRole('button', { name: 'Close' }))
  await page.keyboard.press('Enter')
  await expect(panel).toHaveCount(0)

  // Back in time, and compared.
  const line = page.getByRole('group', { name: 'Time line' })
  await tabTo(page, line.getByRole('slider', { name: 'Moment that is shown' }))
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/at=\d+/)
  await tabTo(page, line.getByRole('combobox', { name: 'Compare' }))
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Compared with an earlier moment' })).toBeVisible()
  // The list of choices takes a moment to go.
  await expect(page.getByRole('listbox')).toHaveCount(0)
  await isClean(page, 'the comparison')

  // A view is given a name, left, and opened again.
  const views = page.getByRole('button', { name: 'Saved views' })
  await tabTo(page, views)
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('textbox', { name: /name/i }))
  await page.keyboard.type('as a table')
  await page.keyboard.press('Enter')
  const view = page.getByRole('button', { name: 'as a table', exact: true })
  await expect(view).toBeVisible()
  await page.goto(`/meshes/${MESH}/topology`)
  await tabTo(page, views)
  await page.keyboard.press('Enter')
  await tabTo(page, view)
  await page.keyboard.press('Enter')
  await expect(table).toBeVisible()
  await expect(page).toHaveURL(/compare=300/)
})
