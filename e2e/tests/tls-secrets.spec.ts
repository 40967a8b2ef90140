import { CertificateAuthority, type KeyPair } from '@meshdeck/sandbox'
import type { Page } from '@playwright/test'
import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAME = `edge-${process.pid}`
const LIST = `/meshes/${MESH}/config/tls-secrets`
const gateway = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: ${NAME}, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 443, name: https, protocol: HTTPS}
      hosts: [${NAME}.example.com]
      tls: {mode: SIMPLE, credentialName: ${NAME}}
`
let first: KeyPair
let second: KeyPair

test.beforeAll(async () => {
  const authority = await CertificateAuthority.create('Example Authority')
  first = await authority.host([`${NAME}.example.com`])
  second = await authority.host([`${NAME}.example.com`, `www.${NAME}.example.com`])
})
test.afterEach(async () => {
  await kubectl(['delete', '--ignore-not-found', '-n', 'istio-system', 'secret', NAME])
  await kubectl(['delete', '--ignore-not-found', '-n', 'shop', 'gateways.networking.istio.io', NAME])
})

const live = () => kubectlGet(['secret', NAME, '-n', 'istio-system'])

async function fill(page: Page, { certificate, key }: KeyPair, words: { certificate: string; key: string }) {
  await page.getByRole('textbox', { name: words.certificate, exact: true }).fill(certificate)
  await page.getByRole('textbox', { name: words.key }).fill(key)
}

test('a certificate is put in, rotated and taken out, and who serves it is told at each step', async ({ page }) => {
  const words = { certificate: 'Certificate', key: 'Private key' }
  await kubectlApply(gateway)
  await page.goto(LIST)
  await page.getByRole('button', { name: 'Create TLS secret' }).first().click()
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(NAME)
  await fill(page, { certificate: first.certificate, key: second.key }, words)
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByText('This is not the key of the certificate.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Create', exact: true })).toBeDisabled()
  await page.getByRole('textbox', { name: words.key }).fill(first.key)
  await page.getByRole('button', { name: 'Check' }).click()
  await expect(page.getByRole('link', { name: `shop / ${NAME}` })).toBeVisible()
  await expect(live()).rejects.toThrow(/NotFound/)
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible()
  await expect(page.getByText('CN=Example Authority')).toBeVisible()
  expect(await live()).toMatchObject({
    type: 'kubernetes.io/tls',
    data: { 'tls.key': Buffer.from(first.key).toString('base64') },
  })

  await page.getByRole('button', { name: 'Replace' }).click()
  await fill(page, second, words)
  await page.getByRole('button', { name: 'Check' }).click()
  await page.getByRole('button', { name: 'Replace', exact: true }).click()
  await expect(page.getByText(`${NAME}.example.com, www.${NAME}.example.com`)).toBeVisible()
  expect(await live()).toMatchObject({ data: { 'tls.crt': Buffer.from(second.certificate).toString('base64') } })

  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('link', { name: `shop / ${NAME}` })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled()
  await dialog.getByRole('textbox', { name: `Type ${NAME} to delete it` }).fill(NAME)
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('not served any more')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText(`TLS secret ${NAME} was deleted.`)).toBeVisible()
  await expect(live()).rejects.toThrow(/NotFound/)
})

test('no private key reaches the browser', async ({ page }) => {
  const bodies: Promise<string>[] = []
  page.on('response', (response) => {
    // The stream of events does not end, and carries names only.
    if (response.url().includes('/api/') && !response.url().includes('/events'))
      bodies.push(response.text().catch(() => ''))
  })
  await kubectl([
    'create',
    'secret',
    'generic',
    NAME,
    '-n',
    'istio-system',
    `--from-literal=cert=${first.certificate}`,
    `--from-literal=key=${first.key}`,
  ])
  await page.goto(`${LIST}?search=${NAME}`)
  await page.getByRole('link', { name: NAME }).click()
  await expect(page.getByText('CN=Example Authority')).toBeVisible()
  const told = (await Promise.all(bodies)).join('')
  expect(told).toContain(`${NAME}.example.com`)
  expect(told).not.toContain(first.key.split('\n')[1])
  expect(told).not.toContain(Buffer.from(first.key).toString('base64').slice(60, 120))
})

test('who may not see Secrets is told which right is missing', async ({ pageOf }) => {
  const page = await pageOf('viewer')
  await page.goto(LIST)
  await expect(page.getByRole('heading', { name: 'You may not see this' })).toBeVisible()
  await expect(page.locator('main').getByText('secrets', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Create TLS secret' })).toHaveCount(0)
})

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' })

  test('a certificate is put in, in the cluster that is chosen', async ({ page }) => {
    await page.goto(`${LIST}/-create?cluster=${HUB_CLUSTER}&name=${NAME}`)
    await fill(page, first, { certificate: '证书', key: '私钥' })
    await page.getByRole('button', { name: '检查' }).click()
    await expect(page.getByText('没有配置引用它')).toBeVisible()
    await page.getByRole('button', { name: '创建', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible()
    await expect(page.getByText('有效', { exact: true })).toBeVisible()
    expect(await live()).toMatchObject({ type: 'kubernetes.io/tls' })
  })
})
