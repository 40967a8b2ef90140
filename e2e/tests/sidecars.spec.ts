import { HUB_CLUSTER, MESH } from '../support/fleet.ts'
import { kubectl, kubectlApply } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'

const NAMESPACE = 'playground'
const sidecars = (): Promise<string> =>
  kubectl(['get', 'sidecars.networking.istio.io', '-n', NAMESPACE, '-o', 'jsonpath={.items[*].spec.egress}'])

test.afterAll(async () => {
  await kubectl(['delete', 'sidecars.networking.istio.io', '-n', NAMESPACE, '--all'])
})

test('the switch of the mesh says whom it touches, a sidecar how it is, and a namespace gets a discovery scope', async ({
  page,
}) => {
  test.setTimeout(120_000)
  await page.goto(`/meshes/${MESH}/sidecars/global`)
  await expect(page.getByText('Read only: this mesh was attached.')).toBeVisible()
  await expect(page.getByRole('row', { name: new RegExp(`^${HUB_CLUSTER}`) })).toContainText('Injection by default')
  await expect(page.getByRole('status').filter({ hasText: 'the switch' }).first()).toBeVisible()

  await test.step('status', async () => {
    await page.getByRole('navigation', { name: 'Sidecars by' }).getByRole('link', { name: 'Workloads' }).click()
    await page.getByPlaceholder('Search by name').fill('cart')
    await page
      .getByRole('row')
      .filter({ hasText: 'cart' })
      .first()
      .getByRole('button', { name: /More actions/ })
      .click()
    await page.getByRole('menuitem', { name: 'Sidecar status' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('row').filter({ hasText: 'Running' }).first()).toContainText('request')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
  })

  await test.step('discovery', async () => {
    await page.getByRole('navigation', { name: 'Sidecars by' }).getByRole('link', { name: 'Namespaces' }).click()
    await page.getByPlaceholder('Search by name').fill(NAMESPACE)
    const row = page.getByRole('row').filter({ hasText: NAMESPACE }).filter({ hasText: HUB_CLUSTER })
    await expect(row).toContainText('Inherited')
    const choose = async (scope: RegExp) => {
      await row.getByRole('button', { name: /More actions/ }).click()
      await page.getByRole('menuitem', { name: 'Discovery scope' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('radio', { name: scope }).check()
      await dialog.getByRole('button', { name: 'Review' }).click()
      await dialog.getByRole('button', { name: 'Apply' }).click()
      await expect(dialog.getByText('changed', { exact: true })).toBeVisible()
      await dialog.getByRole('button', { name: 'Close' }).last().click()
    }
    await choose(/^Local/)
    await expect(row).toContainText('Local')
    expect(await sidecars()).toContain('./*')
    await choose(/^Inherited/)
    await expect(row).toContainText('Inherited')
    expect(await sidecars()).toBe('')

    // One that somebody else makes shows as it is, and nothing is put beside it.
    const own = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: 'own', namespace: NAMESPACE },
    }
    await kubectlApply(JSON.stringify({ ...own, spec: { egress: [{ hosts: ['*/*'] }] } }))
    await expect(row).toContainText('Own Sidecar own')
  })
})
