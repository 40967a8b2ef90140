import type { Page } from '@playwright/test'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

let tries = 0
/** Of its own for each test and each try: what was deleted keeps its history. */
let name = ''

const history = (): string => `/meshes/${MESH}/history?search=${name}`

const rule = (timeout: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: shop
  labels: {team: checkout}
  annotations: {example.test/unheard: of}
spec:
  hosts: [reviews]
  http:
    - name: main
      timeout: ${timeout}
      headers: {request: {set: {x-kept: "1"}}}
      route: [{destination: {host: reviews}}]
`

test.beforeEach(() => {
  name = `history-${process.pid}-${(tries += 1)}`
})

test.afterEach(async () => {
  await kubectl(['delete', '--ignore-not-found', '-n', 'shop', 'virtualservice', name])
})

/** What people have written of the object: all of it but the server's bookkeeping, kubectl's copy and the reason. */
async function written(): Promise<unknown> {
  const { apiVersion, kind, metadata, spec } = await kubectlGet(['virtualservice', name, '-n', 'shop'])
  const { labels, annotations } = metadata as { labels?: unknown; annotations?: Record<string, string> }
  const {
    'kubectl.kubernetes.io/last-applied-configuration': _applied,
    'meshdeck.io/change-reason': _reason,
    ...others
  } = annotations ?? {}
  return { apiVersion, kind, labels, annotations: others, spec }
}

const row = (page: Page, operation: string) => page.getByRole('row').filter({ hasText: operation })

async function restore(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Restore this state' }).click()
  await expect(page.getByText('The API server and istiod accept it (dry run)')).toBeVisible()
  await page.getByLabel('Reason (optional)').fill(reason)
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('status').filter({ hasText: name })).toBeVisible()
}

test('a change by kubectl is in the history within seconds, and restoring gives back the object field for field', async ({
  page,
}) => {
  await page.goto(history())
  await kubectlApply(rule('5s'))
  // The page is told of it; nobody reloads.
  await expect(row(page, 'Created')).toContainText('kubectl', { timeout: 10_000 })
  const first = await written()
  await kubectlApply(rule('9s'))
  await expect(row(page, 'Changed')).toContainText('spec.http[0].timeout', { timeout: 10_000 })
  expect(await written()).not.toEqual(first)

  await row(page, 'Created').getByRole('link', { name }).click()
  await page.getByRole('combobox', { name: 'Compare with' }).click()
  await page.getByText('As it is now', { exact: true }).click()
  await page.getByText('By field', { exact: true }).click()
  await expect(page.getByRole('row').filter({ hasText: 'spec.http[0].timeout' })).toContainText('9s')
  await restore(page, 'too slow')
  expect(await written()).toEqual(first)

  await page.goto(history())
  await expect(row(page, 'too slow')).toContainText('Meshdeck')
})

test('what was deleted is made again as it was', async ({ page }) => {
  await kubectlApply(rule('5s'))
  await page.goto(history())
  await expect(row(page, 'Created')).toHaveCount(1, { timeout: 10_000 })
  const before = await written()
  await kubectl(['delete', '-n', 'shop', 'virtualservice', name])
  await expect(row(page, 'Deleted')).toContainText('Unknown', { timeout: 10_000 })
  await row(page, 'Deleted').getByRole('link', { name }).click()
  await restore(page, 'still in use')
  expect(await written()).toEqual(before)
  await page.goto(`/meshes/${MESH}/virtual-services/shop/${name}?cluster=${HUB_CLUSTER}&tab=history`)
  const entries = page.getByRole('table', { name: `History of ${name}` })
  await expect(entries.getByRole('row').filter({ hasText: 'still in use' })).toContainText('Created')
})

test('those who may only look see the history and restore nothing, and nobody sees nothing', async ({ pageOf }) => {
  await kubectlApply(rule('5s'))
  const viewer = await pageOf('viewer')
  await viewer.goto(history())
  await row(viewer, 'Created').getByRole('link', { name }).click({ timeout: 10_000 })
  await expect(viewer.getByRole('heading', { name: 'Compare' })).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Restore this state' })).toHaveCount(0)
  const nobody = await pageOf('nobody')
  const answer = await nobody.request.get(`/api/v1/meshes/${MESH}/history`)
  expect(answer.ok()).toBe(false)
  expect(await answer.text()).not.toContain(name)
})
