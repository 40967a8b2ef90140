import type { Page } from '@playwright/test'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAME = `journey-${process.pid}`
const CREATE = `/meshes/${MESH}/virtual-services/-create?cluster=${HUB_CLUSTER}&namespace=shop`
const EDIT = `/meshes/${MESH}/virtual-services/shop/${NAME}/-edit?cluster=${HUB_CLUSTER}`

const odd = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${NAME}
  namespace: shop
  annotations: {example.test/unheard: of}
spec:
  hosts: [reviews]
  http:
    - name: main
      headers: {request: {set: {x-kept: "1"}}}
      route: [{destination: {host: reviews}}]
`

test.afterEach(async () => {
  await kubectl(['delete', '--ignore-not-found', '-n', 'shop', 'virtualservice', NAME])
})

const live = () => kubectlGet(['virtualservice', NAME, '-n', 'shop'])

/** Fills in a control that commits what was typed when it is left. */
async function type(page: Page, control: ReturnType<Page['getByLabel']>, text: string): Promise<void> {
  await control.fill(text)
  await page.keyboard.press('Tab')
}

async function fillCanary(page: Page): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(NAME)
  const hosts = page.getByRole('combobox', { name: 'Hosts' })
  await hosts.press('Backspace')
  await type(page, hosts, 'reviews')
  const host = page.getByRole('combobox', { name: 'Host', exact: true })
  const subset = page.getByRole('combobox', { name: 'Subset' })
  await type(page, host.nth(0), 'reviews')
  await type(page, subset.nth(0), 'v1')
  await page.getByRole('button', { name: 'Add destination' }).click()
  await type(page, host.nth(1), 'reviews')
  await type(page, subset.nth(1), 'v2')
  await type(page, page.getByLabel('Weight').nth(0), '90')
  await type(page, page.getByLabel('Weight').nth(1), '10')
  await expect(page.getByText('Sum 100 of 100')).toBeVisible()
}

test('a 90/10 split is made in the form and is in the cluster as it was reviewed', async ({ page }) => {
  await page.goto(CREATE)
  await fillCanary(page)
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByText('The API server and istiod accept it (dry run)')).toBeVisible()
  await expect(live()).rejects.toThrow(/NotFound/)
  const reviewed = await page.locator('.cm-content').innerText()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText(`The virtual service shop / ${NAME} was created in ${HUB_CLUSTER}.`)).toBeVisible()

  const object = await live()
  expect(object['spec']).toEqual({
    hosts: ['reviews'],
    http: [
      {
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
          { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
        ],
      },
    ],
  })
  for (const line of ['weight: 90', 'weight: 10', 'subset: v2']) expect(reviewed).toContain(line)
})

test("what istiod refuses is shown in istiod's own words at review, before anything is written", async ({ page }) => {
  await page.goto(`${CREATE}&view=yaml`)
  const editor = page.getByRole('textbox', { name: 'YAML' })
  await expect(editor).toContainText('kind: VirtualService')
  await editor.fill(
    odd.replace(
      '[{destination: {host: reviews}}]',
      '[{destination: {host: ""}, weight: 60}, {destination: {host: reviews}, weight: 40}]',
    ),
  )
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(
    page.getByText(/destination host is mandatory|domain name can't be empty|admission webhook/i).first(),
  ).toBeVisible()
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled()
  await expect(live()).rejects.toThrow(/NotFound/)
})

test('a regular expression that Envoy could not read is refused at review', async ({ page }) => {
  await page.goto(`${CREATE}&view=yaml`)
  const editor = page.getByRole('textbox', { name: 'YAML' })
  await expect(editor).toContainText('kind: VirtualService')
  await editor.fill(odd.replace('- name: main', '- name: main\n      match: [{uri: {regex: "[a-"}}]'))
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByText(/error parsing regexp|missing closing \]/i).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled()
  await expect(live()).rejects.toThrow(/NotFound/)
})

test('one that kubectl changes meanwhile gives the conflict dialog, and nothing typed is lost', async ({ page }) => {
  await kubectlApply(odd)
  await page.goto(EDIT)
  await type(page, page.getByLabel('Timeout', { exact: true }), '7s')
  await kubectl(['annotate', '-n', 'shop', 'virtualservice', NAME, 'example.test/meanwhile=yes'])
  await page.getByRole('button', { name: 'Compare' }).click()
  const dialog = page.getByRole('dialog', { name: `${NAME} was changed by someone else` })
  await expect(dialog).toContainText('meanwhile')
  await dialog.getByRole('button', { name: 'Put mine onto theirs' }).click()
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText(`The virtual service shop / ${NAME} was changed in ${HUB_CLUSTER}.`)).toBeVisible()
  expect(await live()).toMatchObject({
    metadata: { annotations: { 'example.test/meanwhile': 'yes', 'example.test/unheard': 'of' } },
    spec: { http: [{ timeout: '7s' }] },
  })
})

test('fields that the form does not know survive it, and so they do the YAML', async ({ page }) => {
  await kubectlApply(odd)
  for (const [timeout, view] of [
    ['3s', 'form'],
    ['4s', 'yaml'],
  ] as const) {
    await page.goto(EDIT)
    await type(page, page.getByLabel('Timeout', { exact: true }), timeout)
    if (view === 'yaml') {
      await page.getByText('YAML', { exact: true }).first().click()
      await expect(page.getByRole('textbox', { name: 'YAML' })).toContainText(timeout)
    }
    await page.getByRole('button', { name: 'Review', exact: true }).click()
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(page.getByText(`The virtual service shop / ${NAME} was changed in ${HUB_CLUSTER}.`)).toBeVisible()
    expect(await live()).toMatchObject({
      metadata: { annotations: { 'example.test/unheard': 'of' } },
      spec: { http: [{ name: 'main', timeout, headers: { request: { set: { 'x-kept': '1' } } } }] },
    })
  }
})
