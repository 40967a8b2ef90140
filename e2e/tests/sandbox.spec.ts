import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startStack, type Stack } from '../support/stack.ts'
import { expect, test } from '../support/test.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

/** A newcomer: `npm start` and nothing else. */
let stack: Stack

test.beforeAll(async () => {
  stack = await startStack()
})
test.afterAll(async () => stack.stop())

interface Figures {
  rate: number
  /** Share of the requests, 0 to 1. */
  errors: number
}

/** What the topology's table shows now for the calls between two names; the target's may go on. */
async function figures(page: Page, source: string, target: RegExp): Promise<Figures> {
  const table = page.getByRole('table', { name: 'Call paths of the mesh' })
  await expect(table).toBeVisible()
  const columns = await table.getByRole('columnheader').allInnerTexts()
  const rows = table
    .getByRole('row')
    .filter({ has: page.getByRole('cell').nth(0).getByRole('button', { name: source, exact: true }) })
    .filter({ has: page.getByRole('cell').nth(1).getByRole('button', { name: target }) })
  await expect(rows.first(), `${source} → ${target}`).toBeVisible()
  let rate = 0
  let failed = 0
  for (const row of await rows.all()) {
    const value = async (column: string): Promise<number> => {
      const figure = row.getByRole('cell').nth(columns.indexOf(column)).locator('data')
      return (await figure.count()) === 0 ? 0 : Number(await figure.getAttribute('value'))
    }
    const own = await value('Requests/s')
    rate += own
    failed += own * (await value('Errors'))
  }
  return { rate, errors: failed / rate }
}

async function rate(page: Page, source: string, target: string): Promise<number> {
  return (await figures(page, source, new RegExp(`^${target}$`))).rate
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

test('a fault of 30 % aborts, made in the console, shows as errors', async ({ page }) => {
  test.setTimeout(150_000)
  await topology(page)
  expect((await figures(page, 'frontend-v1', /^currency/)).errors).toBeLessThan(0.01)

  await page.goto(`${stack.url}meshes/shop/virtual-services/-create?cluster=east-1&namespace=shop&view=yaml`)
  const editor = page.getByRole('textbox', { name: 'YAML' })
  await expect(editor).toContainText('kind: VirtualService')
  await editor.fill(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: currency
  namespace: shop
spec:
  hosts: [currency]
  http:
    - fault: {abort: {httpStatus: 500, percentage: {value: 30}}}
      route: [{destination: {host: currency}}]
`)
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByText('The API server and istiod accept it (dry run)')).toBeVisible()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('The virtual service shop / currency was created in east-1.')).toBeVisible()

  const errors = async (): Promise<number> => {
    await topology(page)
    return (await figures(page, 'frontend-v1', /^currency/)).errors
  }
  await expect.poll(errors, { timeout: 100_000, intervals: [5_000] }).toBeGreaterThan(0.28)
  expect(await errors()).toBeLessThan(0.32)
})

test('says that nothing here is real, and how to come to what is', async ({ page }) => {
  await page.goto(`${stack.url}meshes`)
  const strip = page.getByRole('complementary', { name: 'Sandbox' })
  await expect(strip).toContainText('simulated')
  await strip.getByRole('button', { name: 'Connect your own clusters' }).click()
  await expect(page.getByRole('dialog')).toContainText('npm start -- --kubeconfig')
})

test('is seen as somebody with fewer rights in one click, and as its owner again', async ({ page }) => {
  await page.goto(`${stack.url}meshes/shop/virtual-services`)
  const create = page.getByRole('link', { name: 'Create' }).or(page.getByRole('button', { name: 'Create' }))
  await expect(create.first()).toBeVisible()
  await page.getByRole('button', { name: /: account$/ }).click()
  await page.getByRole('menuitem', { name: 'Viewer', exact: true }).click()
  await expect(page.getByRole('button', { name: 'viewer@example.com: account' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'reviews', exact: true })).toBeVisible()
  await expect(create).toHaveCount(0)
  await page.getByRole('button', { name: /: account$/ }).click()
  await page.getByRole('menuitem', { name: 'Owner of the sandbox' }).click()
  await expect(page.getByRole('button', { name: 'local: account' })).toBeVisible()
  await expect(create.first()).toBeVisible()
})

test('a cluster is taken down from the command line, and put up again', async ({ page }) => {
  test.setTimeout(150_000)
  const directory = stack.sandbox()
  const sandbox = (...args: string[]): string =>
    execFileSync('node', ['scripts/sandbox.ts', ...args, '--directory', directory], {
      cwd: REPOSITORY,
      encoding: 'utf8',
    })
  await page.goto(`${stack.url}meshes/shop/virtual-services`)
  await expect(page.getByRole('link', { name: 'reviews', exact: true })).toBeVisible()
  expect(sandbox('fault', 'east-2', 'down')).toMatch(/east-2 +down/)
  const banner = page.getByRole('alert').filter({ hasText: 'east-2' })
  await expect(banner).toBeVisible({ timeout: 60_000 })
  expect(sandbox('heal')).toMatch(/east-2 +healthy/)
  await expect(banner).toBeHidden({ timeout: 90_000 })
})
