import { MESH } from '../support/fleet.ts'
import { expect, test } from '../support/test.ts'

test('a service leads to what happens to a request, and the answer can be shared', async ({ page, context }) => {
  await page.goto(`/meshes/${MESH}/services/shop/reviews`)
  await page.getByRole('link', { name: 'What happens to a request?' }).click()
  await expect(page.getByRole('combobox', { name: 'Host' })).toHaveValue('reviews.shop')
  // By keyboard alone: the third kind of caller, then Enter in a field sends the question.
  await page.getByRole('combobox', { name: 'Caller' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Path' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'It arrives' })).toBeVisible()
  await expect(page.getByText('A client without a proxy calls the service itself.')).toBeVisible()

  const shared = await context.newPage()
  await shared.goto(page.url())
  await expect(shared.getByRole('heading', { name: 'It arrives' })).toBeVisible()
  await shared.getByRole('link', { name: 'Service shop/reviews' }).first().click()
  await expect(shared.getByRole('heading', { level: 1, name: 'reviews' })).toBeVisible()
})
