import type { Page } from '@playwright/test'
import { MESH, SECOND, SECOND_CONTEXT } from '../support/fleet.ts'
import { kubectl, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'
import { testbed } from '../testbed/testbed.ts'

const NAMESPACE = 'default'
const NAMES = ['first', 'second'].map((name) => `${name}-${process.pid}`)
const WRITES = `**/api/v1/clusters/${SECOND}/resources/service-entries`
const ONE = `${WRITES}/*/*`

const yaml = NAMES.map(
  (name) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: ${NAMESPACE}}
spec: {hosts: [${name}.example.com], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}`,
).join('\n---\n')

test.setTimeout(180_000)
test.afterEach(async () => {
  await (await testbed()).startCluster(SECOND_CONTEXT)
  await kubectl(['delete', 'serviceentry', ...NAMES, '-n', NAMESPACE, '--ignore-not-found'], {
    cluster: SECOND_CONTEXT,
  })
})

/** Two objects for the second cluster, reviewed. */
async function review(page: Page): Promise<void> {
  await page.goto(`/meshes/${MESH}/config/-import?clusters=${SECOND}`)
  await page.getByRole('textbox', { name: 'YAML documents' }).fill(yaml)
  await page.getByRole('button', { name: 'Review' }).click()
  await expect(page.getByRole('button', { name: 'Apply' })).toBeEnabled()
}
const generationOf = async (name: string): Promise<unknown> => {
  const { metadata } = await kubectlGet(['serviceentry', name, '-n', NAMESPACE], { cluster: SECOND_CONTEXT })
  return Object(metadata).generation
}

test('an answer that is lost on its way to the browser is made good, and undone without a trace', async ({ page }) => {
  await review(page)
  await page.route(WRITES, async (route) => {
    if (
      route
        .request()
        .postData()
        ?.includes(NAMES[1] ?? '') !== true
    )
      return route.continue()
    await route.fetch()
    await route.abort('connectionreset')
  })
  await page.route(ONE, (route) => route.abort('connectionreset'))
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText(/^Whether all is written is not known/)).toBeVisible({ timeout: 20_000 })
  const objects = page.getByRole('list', { name: 'Objects' }).getByRole('listitem')
  await expect(objects.first()).toContainText('written')
  await expect(objects.last()).toContainText('written or not: not known yet')

  await page.unrouteAll()
  await page.getByRole('button', { name: 'Look again and go on' }).click()
  await expect(page.getByText('All is applied.')).toBeVisible()
  for (const name of NAMES) expect(await generationOf(name)).toBe(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('All is as it was before.')).toBeVisible()
  for (const name of NAMES) await expect(generationOf(name)).rejects.toThrow(/NotFound/)
})

test('an API server that is killed in the middle leaves nothing unsaid and nothing twice', async ({ page }) => {
  await review(page)
  const bed = await testbed()
  let killed: Promise<void> | undefined
  await page.route(WRITES, async (route) => {
    // The second object goes out at the moment when the server is killed: it may arrive or not.
    if (
      route
        .request()
        .postData()
        ?.includes(NAMES[1] ?? '') === true
    )
      killed ??= bed.stopCluster(SECOND_CONTEXT)
    await route.continue()
  })
  await page.getByRole('button', { name: 'Apply' }).click()
  const end = page.getByText(/^(All is applied|Only a part is applied|Whether all is written is not known)/)
  await expect(end).toBeVisible({ timeout: 60_000 })
  await killed
  await bed.startCluster(SECOND_CONTEXT)
  const onward = page.getByRole('button', { name: /^(Apply the rest|Look again and go on)$/ })
  await expect(async () => {
    if (await onward.isVisible()) await onward.click()
    await expect(page.getByText('All is applied.')).toBeVisible({ timeout: 5_000 })
  }).toPass({ timeout: 90_000 })
  for (const name of NAMES) expect(await generationOf(name)).toBe(1)
})
