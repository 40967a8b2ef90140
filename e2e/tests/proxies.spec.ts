import type { Page } from '@playwright/test'
import { LOOKS, violationsOf } from '../support/accessibility.ts'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'
import { testbed } from '../testbed/testbed.ts'

const podOf = (app: string): Promise<string> =>
  kubectl(['get', 'pods', '-n', 'shop', '-l', `app=${app}`, '-o', 'jsonpath={.items[0].metadata.name}'])

/** In the lab no Envoy runs; there a proxy's administration is a port that nobody listens on. */
const hasEnvoy = async (): Promise<boolean> => (await testbed()).name === 'sandbox'

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('main').getByRole('searchbox').fill(text)
}

test('the proxies of a mesh are found, with their state at istiod', async ({ page }) => {
  const pod = await podOf('frontend')
  await page.goto(`/meshes/${MESH}/overview`)
  await page.getByRole('link', { name: 'Proxies', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Proxies' })).toBeVisible()
  await search(page, pod)
  const row = page.getByRole('row').filter({ hasText: pod })
  await expect(row).toHaveCount(1)
  await expect(row).toContainText((await hasEnvoy()) ? 'Synced' : 'Not connected')
  await expect(page).toHaveURL(new RegExp(`search=${pod}`))
  await page.reload()
  await expect(row).toHaveCount(1)
  await row.getByRole('link', { name: pod }).click()
  await expect(page.getByRole('heading', { level: 1, name: pod })).toBeVisible()
  if (!(await hasEnvoy())) await expect(page.getByRole('alert')).toContainText('The pod gave no usable answer')
})

test('who may only look is told which right is missing', async ({ pageOf }) => {
  const page = await pageOf('viewer')
  await page.goto(`/meshes/${MESH}/proxies`)
  await expect(page.getByRole('alert')).toContainText('pods/portforward')
  await page.goto(`/meshes/${MESH}/proxies/${HUB_CLUSTER}/shop/${await podOf('frontend')}/routes`)
  await expect(page.getByRole('alert')).toContainText('pods/portforward')
})

test('a proxy’s routes lead to the object that made them, and differ from another proxy’s', async ({ page }) => {
  test.skip(!(await hasEnvoy()), 'no Envoy runs in the lab')
  const [own, other] = [await podOf('frontend'), await podOf('cart')]
  await page.goto(`/meshes/${MESH}/proxies/${HUB_CLUSTER}/shop/${own}/routes`)
  const table = page.getByRole('region', { name: 'Routes' })
  await search(page, 'reviews')
  const row = table.getByRole('row').filter({ has: page.getByRole('link', { name: 'reviews', exact: true }) })
  await expect(row.first()).toContainText('90%')

  await row
    .first()
    .getByRole('button', { name: /More actions/ })
    .click()
  await page.getByRole('menuitem', { name: 'Envoy’s JSON' }).click()
  await expect(page.getByRole('dialog')).toContainText('virtual_hosts')
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.getByRole('tab', { name: 'Listeners' }).click()
  await page.getByRole('combobox', { name: 'Compare with' }).fill(other)
  await page.getByTitle(`${HUB_CLUSTER}/shop/${other}`).click()
  await expect(page).toHaveURL(new RegExp(`listeners\\?compare=${HUB_CLUSTER}(%2F|/)shop(%2F|/)${other}`))
  await expect(page.getByRole('region', { name: `Differences to ${other}` })).toBeVisible()

  await page.goto(`/meshes/${MESH}/proxies/${HUB_CLUSTER}/shop/${own}/routes?search=reviews`)
  await row.first().getByRole('link', { name: 'reviews', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: /reviews/ })).toBeVisible()
})

test('a proxy’s log level is changed', async ({ page }) => {
  test.skip(!(await hasEnvoy()), 'no Envoy runs in the lab')
  await page.goto(`/meshes/${MESH}/proxies/${HUB_CLUSTER}/shop/${await podOf('cart')}/log-level`)
  const table = page.getByRole('table', { name: 'Loggers and their levels' })
  await expect(table.getByRole('row', { name: 'rbac warning' })).toBeVisible()
  await page.getByRole('combobox', { name: 'Logger' }).fill('rbac')
  await page.getByTitle('rbac').click()
  await page.getByRole('combobox', { name: 'Level' }).click()
  await page.getByTitle('debug').click()
  await page.getByRole('button', { name: 'Set the level' }).click()
  await expect(page.getByText('The level is set.')).toBeVisible()
  await expect(table.getByRole('row', { name: 'rbac debug' })).toBeVisible()
})

for (const { locale, colorScheme } of LOOKS) {
  test.describe(`in ${locale}, ${colorScheme}`, () => {
    test.use({ locale, colorScheme })
    // One of each build: a table, one with states and dates, and a form.
    for (const section of ['routes', 'certificates', 'log-level']) {
      test(`${section} of a proxy are accessible`, async ({ page }) => {
        test.skip(!(await hasEnvoy()), 'no Envoy runs in the lab')
        await page.goto(`/meshes/${MESH}/proxies/${HUB_CLUSTER}/shop/${await podOf('frontend')}/${section}`)
        await expect(page.getByRole('main').getByRole('table').first()).toBeVisible()
        await expect(page.locator('.ant-skeleton')).toHaveCount(0)
        expect(await violationsOf(page)).toEqual([])
      })
    }
  })
}
