import type { Locator } from '@playwright/test'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { promtool } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

/** Rates are averaged over the last minute, as the page does by default. */
const WINDOW = '1m'
/** An instant is looked at some seconds later, so that no scrape can still change the answer. */
const SETTLED_SECONDS = 15
const FAILED = 'response_code=~"5..|0"'

interface Numbers {
  rate: number
  errors: number
  mtls: number | undefined
}

/** What Prometheus says of the calls between two workloads, by queries of our own: the client's report, where there is one. */
async function expected(source: string, target: string, at: number): Promise<Numbers> {
  const pair = `source_workload="${source}",destination_workload="${target}"`
  const sum = async (labels: string): Promise<number> => {
    const [series] = await promtool(HUB_CLUSTER, `sum(rate(istio_requests_total{${pair},${labels}}[${WINDOW}]))`, at)
    return series?.value ?? 0
  }
  const client = 'reporter="source"'
  const server = 'reporter="destination"'
  const rate = await sum(client)
  const failed = await sum(`${client},${FAILED}`)
  const received = await sum(server)
  const mutual = await sum(`${server},connection_security_policy="mutual_tls"`)
  return { rate, errors: failed / rate, mtls: received === 0 ? undefined : mutual / received }
}

/** The whole values behind a row's figures. */
async function numbersOf(row: Locator, columns: readonly string[]): Promise<Numbers> {
  const value = async (column: string): Promise<number | undefined> => {
    const figure = row.getByRole('cell').nth(columns.indexOf(column)).locator('data')
    return (await figure.count()) === 0 ? undefined : Number(await figure.getAttribute('value'))
  }
  return {
    rate: (await value('Requests/s')) ?? Number.NaN,
    errors: (await value('Errors')) ?? 0,
    mtls: await value('mTLS'),
  }
}

test('the table of the topology holds what promtool gives for the same instant', async ({ page }) => {
  test.setTimeout(150_000)
  let at = 0
  // A lab that came up just now has to be scraped for a minute first.
  await expect
    .poll(
      async () => {
        at = Math.floor(Date.now() / 1000) - SETTLED_SECONDS
        at -= at % 5
        return (await expected('frontend', 'cart', at - 45)).rate
      },
      { timeout: 90_000, intervals: [2_000] },
    )
    .toBeGreaterThan(0)
  await page.goto(`/meshes/${MESH}/topology?display=table&clusters=${HUB_CLUSTER}&at=${at}`)
  const table = page.getByRole('table', { name: 'Call paths of the mesh' })
  await expect(table).toBeVisible()
  const columns = await table.getByRole('columnheader').allInnerTexts()
  for (const [source, target] of [
    ['istio-ingressgateway', 'frontend'],
    ['frontend', 'cart'],
    ['frontend', 'reviews-v1'],
    ['frontend', 'reviews-v2'],
    ['cart', 'checkout'],
    ['checkout', 'payment'],
    ['checkout', 'orders'],
  ] as const) {
    const row = table
      .getByRole('row')
      .filter({ has: page.getByRole('cell').nth(0).getByRole('button', { name: source, exact: true }) })
      .filter({ has: page.getByRole('cell').nth(1).getByRole('button', { name: target, exact: true }) })
    await expect(row, `${source} → ${target}`).toHaveCount(1)
    const shown = await numbersOf(row, columns)
    const asked = await expected(source, target, at)
    expect(shown.rate, `${source} → ${target}`).toBeCloseTo(asked.rate, 6)
    expect(shown.errors, `${source} → ${target}`).toBeCloseTo(asked.errors, 6)
    if (asked.mtls !== undefined) expect(shown.mtls, `${source} → ${target}`).toBeCloseTo(asked.mtls, 6)
  }
})

test('graph and table are one key apart, and the panel of a node says the same as its row', async ({ page }) => {
  await page.goto(`/meshes/${MESH}/topology`)
  await expect(
    page
      .getByRole('img', { name: /graph|topology/i })
      .or(page.locator('canvas'))
      .first(),
  ).toBeVisible()
  await page.getByRole('heading', { level: 1 }).focus()
  await page.keyboard.press('t')
  const table = page.getByRole('table', { name: 'Call paths of the mesh' })
  await expect(table).toBeVisible()
  await expect(page).toHaveURL(/display=table/)
  await table.getByRole('button', { name: 'cart', exact: true }).first().click()
  const panel = page.getByRole('complementary', { name: 'cart' }).or(page.getByRole('region', { name: 'cart' }))
  await expect(panel.first()).toContainText('checkout')
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await page.getByRole('heading', { level: 1 }).focus()
  await page.keyboard.press('t')
  await expect(table).toHaveCount(0)
})

test('every view has the same traffic, and the same as promtool', async ({ page }) => {
  test.setTimeout(150_000)
  const once = async (at: number): Promise<number> => {
    const sum = async (labels: string): Promise<number> => {
      const [series] = await promtool(HUB_CLUSTER, `sum(rate(istio_requests_total{${labels}}[${WINDOW}]))`, at)
      return series?.value ?? 0
    }
    return (await sum('reporter="source"')) + (await sum('reporter="destination",source_workload="unknown"'))
  }
  let at = 0
  await expect
    .poll(
      async () => {
        at = Math.floor(Date.now() / 1000) - SETTLED_SECONDS
        at -= at % 5
        return once(at - 45)
      },
      { timeout: 90_000, intervals: [2_000] },
    )
    .toBeGreaterThan(0)
  const expectedTotal = await once(at)
  for (const view of ['workload', 'version', 'service', 'namespace', 'cluster']) {
    await page.goto(`/meshes/${MESH}/topology?display=table&view=${view}&clusters=${HUB_CLUSTER}&at=${at}`)
    const table = page.getByRole('table', { name: 'Call paths of the mesh' })
    await expect(table, view).toBeVisible()
    const columns = await table.getByRole('columnheader').allInnerTexts()
    const place = columns.indexOf('Requests/s') + 1
    const values = await table
      .locator(`tbody td:nth-child(${place}) data`)
      .evaluateAll((figures) => figures.map((figure) => Number(figure.getAttribute('value'))))
    const total = values.reduce((sum, value) => sum + value, 0)
    expect(total, view).toBeCloseTo(expectedTotal, 6)
  }
})

test('the mesh is searched, focused, compared and looked back on without a mouse', async ({ page }) => {
  test.setTimeout(120_000)
  const focus = async (locator: Locator): Promise<void> => {
    await locator.focus()
    await expect(locator).toBeFocused()
  }
  await page.goto(`/meshes/${MESH}/topology`)
  await expect(page.getByRole('application', { name: /^Graph/ })).toBeVisible()

  // From the picture to the table, which has all of it.
  await focus(page.getByRole('heading', { level: 1 }))
  await page.keyboard.press('t')
  const table = page.getByRole('table', { name: 'Call paths of the mesh' })
  await expect(table).toBeVisible()
  const rows = table.locator('tbody tr.ant-table-row')
  const all = await rows.count()
  expect(all).toBeGreaterThan(2)

  // What is not understood is said, and filters nothing.
  const find = page.getByRole('searchbox', { name: /^Find/ })
  await focus(find)
  await page.keyboard.type('rps > many')
  await expect(page.getByRole('alert').filter({ hasText: '“many” is not a number' })).toBeVisible()
  await expect(find).toHaveAttribute('aria-invalid', 'true')
  await expect(rows).toHaveCount(all)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('target = cart*')
  await expect(page).toHaveURL(/find=target/)
  await expect.poll(() => rows.count()).toBeLessThan(all)

  // Around a node, and back.
  const cart = table.getByRole('button', { name: /^cart/ }).first()
  await focus(cart)
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: /^cart/ })
  await expect(panel.getByRole('heading', { level: 2 })).toBeFocused()
  await focus(panel.getByRole('button', { name: 'Show what is around it' }))
  await page.keyboard.press('Enter')
  const part = page.getByRole('group', { name: 'Part of the graph' })
  await expect(part).toContainText('Around cart')
  await expect(page).toHaveURL(/focus=/)
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await focus(part.getByRole('button', { name: /Show all/ }))
  await page.keyboard.press('Space')
  await expect(part).toHaveCount(0)

  // Back in time by the arrow keys, compared with an earlier moment, and to the present again.
  const line = page.getByRole('group', { name: 'Time line' })
  await focus(line.getByRole('slider', { name: 'Moment that is shown' }))
  await page.keyboard.press('ArrowLeft')
  await expect(page).toHaveURL(/at=\d+/)
  const compare = line.getByRole('combobox', { name: 'Compare' })
  await focus(compare)
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/compare=300/)
  await expect(page.getByRole('region', { name: 'Compared with an earlier moment' })).toBeVisible()
  await focus(line.getByRole('button', { name: 'Follow the present' }))
  await page.keyboard.press('Enter')
  await expect(page).not.toHaveURL(/at=\d+/)
})

test('the picture is saved as a drawing with its names', async ({ page }) => {
  await page.goto(`/meshes/${MESH}/topology`)
  const save = page.getByRole('button', { name: 'Save as SVG' })
  await expect(page.getByRole('img', { name: /^Graph of/ })).toBeVisible()
  await expect(page.locator('.md-topology-wait')).toHaveCount(0)
  const [file] = await Promise.all([page.waitForEvent('download'), save.click()])
  expect(file.suggestedFilename()).toMatch(/^topology-.*\.svg$/)
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(Buffer.from(chunk))
  const text = Buffer.concat(chunks).toString('utf8')
  expect(text).toMatch(/^<svg/)
  expect(text).toContain('cart')
})

test('all of it fits a window of a laptop: the toolbar in one line, the picture beside the panel of a node', async ({
  page,
}) => {
  await page.goto(`/meshes/${MESH}/topology?display=table`)
  const bar = page.getByRole('group', { name: 'Filters and display' })
  for (const width of [1440, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    await expect.poll(async () => (await bar.boundingBox())?.height, `at ${width}`).toBeLessThan(60)
  }
  const table = page.getByRole('table', { name: 'Call paths of the mesh' })
  await table.getByRole('button', { name: 'cart', exact: true }).first().click()
  const panel = page.getByRole('complementary', { name: 'cart' })
  await expect(panel.getByRole('heading', { name: 'In force for it' })).toBeVisible()
  await page.getByRole('radio', { name: 'Graph' }).locator('..').click()
  await expect(page.getByRole('img', { name: /^Graph of/ })).toBeVisible()
  for (const name of ['Zoom in', 'Save as SVG']) await expect(page.getByRole('button', { name })).toBeInViewport()
  await expect(panel.getByRole('heading', { level: 2 })).toBeInViewport()
})
