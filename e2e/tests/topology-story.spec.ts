import { startStack, type Stack } from '../support/stack.ts'
import { expect, test } from '../support/test.ts'

/** The demo: twenty minutes before it starts somebody edited a rule by hand, and calls to ratings began to fail. */
let stack: Stack

test.beforeAll(async () => {
  stack = await startStack()
})
test.afterAll(async () => stack.stop())

const WORDS = /VirtualService shop\/ratings changed by kubectl-edit/

test('a replay of the last hour shows who changed what, and the call that failed from then on', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto(`${stack.url}meshes/shop/topology?display=table&clusters=east-1&find=target+%3D+ratings`)
  const line = page.getByRole('group', { name: 'Time line' })
  const mark = line.getByRole('list', { name: 'Configuration changes' }).getByRole('button', { name: WORDS })
  await expect(mark).toBeVisible({ timeout: 30_000 })
  const failing = page
    .getByRole('table', { name: 'Call paths of the mesh' })
    .getByRole('row')
    .filter({ hasText: 'Critical' })
  await expect(failing.first()).toBeVisible()

  // The replay is begun a few moments before the change: the mark says where that is.
  await mark.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/at=\d+/)
  const moment = Number(new URL(page.url()).searchParams.get('at'))
  await page.goto(
    `${stack.url}meshes/shop/topology?display=table&clusters=east-1&find=target+%3D+ratings&at=${moment - 120}`,
  )
  const told = page.getByRole('status', { name: 'Configuration changes shortly before' })
  await expect(page.getByRole('table', { name: 'Call paths of the mesh' })).toBeVisible()
  await expect(failing).toHaveCount(0)
  await expect(told).toBeEmpty()
  await line.getByRole('button', { name: 'Replay' }).click()
  await expect(told).toContainText(WORDS, { timeout: 20_000 })
  await expect(failing.first()).toBeVisible({ timeout: 20_000 })
  await line.getByRole('button', { name: 'Pause' }).click()

  // A comparison over the change names it, and what it may have to do with.
  await page.goto(
    `${stack.url}meshes/shop/topology?display=table&clusters=east-1&view=service&at=${moment + 120}&compare=300`,
  )
  const between = page.getByRole('region', { name: 'Configuration changes in between' })
  const change = between.getByRole('listitem').filter({ hasText: WORDS })
  await expect(change).toContainText(/may concern reviews → ratings/)
  await expect(page.getByRole('region', { name: 'Compared with an earlier moment' })).toContainText('more errors')
  await change.getByRole('link', { name: WORDS }).click()
  await expect(page.getByRole('heading', { name: 'Compare' })).toBeVisible()
  await expect(page.getByText('next')).not.toHaveCount(0)
})
