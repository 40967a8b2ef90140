import type { Page } from '@playwright/test'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAME = `finding-${process.pid}`
const createPage = (kinds: string): string => `/meshes/${MESH}/${kinds}/-create?cluster=${HUB_CLUSTER}&namespace=shop`
const MISSING = 'The subset nowhere of reviews.shop.svc.cluster.local does not exist.'

const broken = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${NAME}, namespace: shop}
spec:
  hosts: [${NAME}.example.com]
  gateways: [${NAME}]
  http: [{route: [{destination: {host: reviews, subset: nowhere}, weight: 30}]}]
`

test.afterEach(async () => {
  await kubectl([
    'delete',
    '--ignore-not-found',
    '-n',
    'shop',
    'virtualservices.networking.istio.io,destinationrules.networking.istio.io,authorizationpolicies.security.istio.io',
    NAME,
  ])
})

/** Fills in a control that commits what was typed when it is left. */
async function type(page: Page, control: ReturnType<Page['getByLabel']>, text: string): Promise<void> {
  await control.fill(text)
  await page.keyboard.press('Tab')
}

async function apply(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByText('The API server and istiod accept it (dry run)')).toBeVisible()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText(/was (created|changed) in/)).toBeVisible()
}

test('what is wrong is listed, leads to its object, and goes when it is mended', async ({ page }) => {
  await kubectlApply(broken)
  await page.goto(`/meshes/${MESH}/findings?search=${NAME}`)
  const rows = page.getByRole('row')
  await expect(rows.getByText(`The gateway shop/${NAME} does not exist.`)).toBeVisible()
  await expect(rows.getByText(MISSING)).toBeVisible()
  await rows.getByRole('link', { name: NAME }).first().click()
  const panel = page.getByRole('region', { name: 'Findings' })
  await expect(panel.getByText(MISSING)).toBeVisible()

  await page.getByRole('button', { name: 'Edit YAML' }).click()
  const findings = page.getByRole('region', { name: 'Findings' })
  await expect(
    findings.getByText('The only destination has weight 30; it takes all requests all the same.'),
  ).toBeVisible()
  await findings.getByRole('button', { name: 'Mend' }).click()
  await expect(page.getByRole('textbox', { name: 'YAML' })).not.toContainText('weight: 30')
  await expect(findings.getByText('The only destination has weight 30')).toBeHidden()
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByText('Analysis: the change brings no new finding. It mends 1 finding.')).toBeVisible()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText(/was changed in/)).toBeVisible()

  await page.goto(`/meshes/${MESH}/findings?search=${NAME}`)
  await expect(rows.getByText(MISSING)).toBeVisible()
  await kubectl(['delete', '-n', 'shop', 'virtualservice', NAME])
  await expect(rows.getByText(MISSING)).toBeHidden()
})

test('a draft is told at its field what it would break, and so is the review', async ({ page }) => {
  await page.goto(createPage('virtual-services'))
  await page.getByLabel('Name', { exact: true }).fill(NAME)
  await type(page, page.getByRole('combobox', { name: 'Host', exact: true }), 'reviews')
  const subset = page.getByRole('combobox', { name: 'Subset' })
  await type(page, subset, 'nowhere')
  await expect(page.getByText(MISSING).first()).toBeVisible()
  await expect(subset).toHaveAttribute('aria-describedby', /.+/)
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await expect(page.getByText(/^The change brings \d findings?\./)).toBeVisible()
  await expect(page.getByText(MISSING)).toBeVisible()
})

test('a destination rule is made in its form', async ({ page }) => {
  await page.goto(createPage('destination-rules'))
  await page.getByLabel('Name', { exact: true }).first().fill(NAME)
  await type(page, page.getByRole('combobox', { name: 'Host', exact: true }), 'cart')
  await page.getByRole('button', { name: 'Set: Traffic policy' }).last().click()
  await page.getByRole('button', { name: 'Set: Outlier detection' }).click()
  await page.getByLabel('Interval').fill('soon')
  await expect(page.getByText('“soon” is no duration.')).toBeVisible()
  await page.getByLabel('Interval').fill('20s')
  await apply(page)
  const { spec } = await kubectlGet(['destinationrule', NAME, '-n', 'shop'])
  expect(spec).toEqual({
    host: 'cart',
    subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    trafficPolicy: {
      outlierDetection: {
        consecutive5xxErrors: 5,
        interval: '20s',
        baseEjectionTime: '30s',
        maxEjectionPercent: 10,
      },
    },
  })
})

test('an authorization policy is made in its form by keyboard alone', async ({ page }) => {
  await page.goto(createPage('authorization-policies'))
  await page.getByLabel('Name', { exact: true }).first().focus()
  await page.keyboard.type(NAME)
  const rule = page.getByRole('group', { name: 'rule 1' })
  const operations = rule.getByRole('button', { name: 'Add operation' })
  await operations.focus()
  await page.keyboard.press('Enter')
  const paths = rule.getByRole('combobox', { name: 'Paths', exact: true })
  await paths.focus()
  await page.keyboard.type('/cart*,')
  const methods = rule.getByRole('combobox', { name: 'Methods', exact: true })
  await methods.focus()
  await page.keyboard.type('GET,')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Review', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('The API server and istiod accept it (dry run)')).toBeVisible()
  await page.getByRole('button', { name: 'Apply' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText(/was created in/)).toBeVisible()
  const { spec } = await kubectlGet(['authorizationpolicy', NAME, '-n', 'shop'])
  expect(spec).toMatchObject({
    action: 'ALLOW',
    rules: [
      {
        from: [{ source: { namespaces: ['default'] } }],
        to: [{ operation: { paths: ['/cart*'], methods: ['GET'] } }],
      },
    ],
  })
})
