import type { Page } from '@playwright/test'
import { HUB_CLUSTER, MESH, SECOND_CONTEXT } from '../support/fleet.ts'
import { promtool } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'
import { testbed } from '../testbed/testbed.ts'

const DASHBOARD = `/meshes/${MESH}/monitoring`
/** An instant is looked at some seconds later, so that no scrape can still change the answer. */
const SETTLED_SECONDS = 20

/** The first chart of a session brings the library that draws it. */
const FIRST = { timeout: 30_000 }

const panel = (page: Page, name: string) => page.getByRole('figure', { name, exact: true })

test('a mesh is read from its totals down to one workload, and the way back keeps the time', async ({ page }) => {
  await page.goto(`/meshes/${MESH}/overview`)
  await page.getByRole('navigation', { name: 'Mesh' }).getByRole('link', { name: 'Monitoring' }).click()
  await expect(panel(page, 'Requests')).toContainText('/s', FIRST)
  await page.getByText('15 min', { exact: true }).click()
  await expect(page).toHaveURL(/range=15m/)

  const workloads = panel(page, 'HTTP and gRPC workloads')
  // The workload of the same name is the row's heading.
  await workloads.getByRole('cell').getByRole('link', { name: 'cart.shop' }).first().click()
  await expect(page).toHaveURL(/monitoring\/services\?.*range=15m.*name=cart/)
  await expect(panel(page, 'Requests, as clients see them')).toContainText('/s')
  await expect(
    panel(page, 'Requests by client and code')
      .getByRole('row', { name: /frontend/ })
      .first(),
  ).toBeVisible()
  await page.goBack()
  await expect(page).toHaveURL(/monitoring\/mesh\?range=15m/)
})

test('drawing over one chart shows that time in all of them, and the form does the same by the keyboard', async ({
  page,
}) => {
  await page.goto(`${DASHBOARD}/services?namespace=shop&name=cart&range=15m`)
  const success = panel(page, 'Success by client')
  // A chart is drawn when it comes into view.
  await success.scrollIntoViewIfNeeded(FIRST)
  const chart = success.getByRole('img', { name: /chart of/ })
  await chart.scrollIntoViewIfNeeded(FIRST)
  const box = await chart.boundingBox()
  if (box === null) throw new Error('the chart is not in the picture')
  const middle = box.y + box.height / 2
  await page.mouse.move(box.x + box.width * 0.4, middle)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.8, middle, { steps: 5 })
  await page.mouse.up()
  await expect(page).toHaveURL(/from=\d+&to=\d+/)
  const asked = new URL(page.url()).searchParams
  const length = Number(asked.get('to')) - Number(asked.get('from'))
  expect(length).toBeGreaterThan(900 * 0.3)
  expect(length).toBeLessThan(900 * 0.6)
  await page.getByRole('button', { name: 'Back to now' }).click()
  await expect(page).not.toHaveURL(/from=/)

  await page.getByRole('button', { name: 'From – to' }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('From', { exact: true }).fill('2026-01-01T00:00:00')
  await page.getByLabel('To', { exact: true }).fill('2026-01-01T01:00:00')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/from=17\d+/)
  await expect(panel(page, 'Success by client')).toContainText('Nothing was measured in this time.')
})

test('a panel tells the query that promtool answers alike', async ({ page }) => {
  let at = 0
  // A lab that came up just now has to be scraped for a minute first.
  await expect
    .poll(
      async () => {
        at = Math.floor((Date.now() / 1000 - SETTLED_SECONDS) / 30) * 30
        return (await promtool(HUB_CLUSTER, 'sum(rate(istio_requests_total[1m]))', at - 45))[0]?.value ?? 0
      },
      { timeout: 90_000, intervals: [2_000] },
    )
    .toBeGreaterThan(0)
  await page.goto(`${DASHBOARD}/mesh?from=${at - 3_600}&to=${at}`)
  const requests = panel(page, 'Requests')
  await expect(requests).toContainText('/s', FIRST)
  await requests.getByRole('button', { name: /Requests/ }).click()
  await page.getByRole('menuitem', { name: 'Queries (PromQL)' }).click()
  const promql = (await page.getByRole('dialog').locator('pre').textContent()) ?? ''
  expect(promql).toContain('istio_requests_total')
  let sum = 0
  for (const cluster of [HUB_CLUSTER, SECOND_CONTEXT]) sum += (await promtool(cluster, promql, at))[0]?.value ?? 0
  const answer: unknown = await (
    await page.request.get(`/api/v1/meshes/${MESH}/monitoring/mesh/traffic?from=${at - 3_600}&to=${at}`)
  ).json()
  expect(answer).toMatchObject({ to: at })
  const points = JSON.stringify(answer)
  expect(points).toContain('"volume"')
  const last = /"query":"volume"[^\]]*"points":\[.*?\[(\d+),([\d.]+)\]\]/.exec(points)
  expect(Number(last?.[1])).toBe(at)
  expect(Number(last?.[2])).toBeCloseTo(sum, 6)
})

test('traced requests are shown by the keyboard alone, and their ids can be taken along', async ({ page }) => {
  test.skip((await testbed()).name === 'lab', 'the lab’s Prometheus keeps no exemplars')
  await page.goto(`${DASHBOARD}/services?namespace=shop&name=cart&range=1h`)
  const durations = panel(page, 'Duration by client')
  await expect(durations.getByRole('table').first()).toBeVisible(FIRST)
  await page.getByRole('switch', { name: 'Exemplars' }).focus()
  await page.keyboard.press('Space')
  await expect(page).toHaveURL(/exemplars=true/)
  await durations.locator('summary').focus()
  await page.keyboard.press('Enter')
  const list = durations.getByRole('region', { name: 'Traced requests: Duration by client' })
  await expect(list.getByRole('row').nth(1)).toContainText(/\d ms$/)
  await page.keyboard.press('Tab')
  await expect(list.getByRole('button').first()).toBeFocused()
})

test('the control plane has figures, and those who may see no service have none', async ({ page, pageOf }) => {
  await page.goto(`${DASHBOARD}/control-plane`)
  await expect(panel(page, 'istiod by version').getByRole('table')).toBeVisible(FIRST)
  await expect(panel(page, 'Goroutines').getByRole('table')).toBeVisible()

  const nobody = await pageOf('nobody')
  const refused = await nobody.request.get(`/api/v1/meshes/${MESH}/monitoring/control-plane/versions`)
  expect(refused.status()).toBe(403)
})

test('a query of one’s own is completed, run, and refused in the words of Prometheus', async ({ page }) => {
  await page.goto(`${DASHBOARD}/explore`)
  const editor = page.getByRole('textbox', { name: 'Query (PromQL)' })
  await editor.click(FIRST)
  await page.keyboard.type('istio_requests_t')
  await expect(page.getByRole('option', { name: /istio_requests_total/ })).toBeVisible(FIRST)
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('sum by (reporter) (rate(istio_requests_total[1m]))', { delay: 5 })
  await page.keyboard.press('Escape')
  await page.keyboard.press('ControlOrMeta+Enter')
  const result = page.getByRole('region', { name: 'Result' })
  await expect(result.getByRole('button', { name: /reporter="source"/ }).first()).toBeVisible(FIRST)
  await page.getByText('Table', { exact: true }).click()
  await expect(result.getByRole('columnheader', { name: 'reporter' })).toBeVisible()

  await page.goto(`${DASHBOARD}/explore?query=${encodeURIComponent('sum(')}`)
  await expect(page.getByRole('alert')).toContainText(/parse error|unexpected/, FIRST)
})
