import { readFile } from 'node:fs/promises'
import { SECOND_CONTEXT } from '../support/fleet.ts'
import { kubectl, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'
import { testbed } from '../testbed/testbed.ts'

const CLUSTER = `renewed-${process.pid}`

/** What an account leaves in a cluster goes with its namespace and these two. */
const cleanUp = async (): Promise<void> => {
  await kubectl(['delete', '--ignore-not-found', `cluster.meshdeck.io/${CLUSTER}`])
  await kubectl(['delete', '--ignore-not-found', '-n', 'meshdeck-system', `secret/cluster-${CLUSTER}`])
  const there = { cluster: SECOND_CONTEXT }
  await kubectl(['delete', '--ignore-not-found', 'clusterrole/meshdeck', 'clusterrolebinding/meshdeck'], there)
  await kubectl(['delete', '--ignore-not-found', '-n', 'meshdeck-system', 'serviceaccount/meshdeck'], there)
}

test.describe('a cluster by an account of limited rights', () => {
  test.afterEach(cleanUp)

  test('is joined, edited, and its credential renewed at once, but not for another cluster', async ({ page }) => {
    test.setTimeout(120_000)
    const { clusters } = await testbed()
    const second = clusters.find(({ name }) => name === SECOND_CONTEXT)
    const other = clusters.find(({ name }) => name !== SECOND_CONTEXT)
    if (!second || !other) throw new Error('the testbed has no two clusters')
    const kubeconfig = await readFile(second.kubeconfig, 'utf8')
    const found = page.getByRole('table', { name: 'What was found' })

    await test.step('join by an account that the console makes', async () => {
      await page.goto('/clusters/-join')
      await page.getByLabel('Kubeconfig', { exact: true }).fill(kubeconfig)
      await page.getByLabel('Name', { exact: true }).fill(CLUSTER)
      await page.getByRole('button', { name: 'Test' }).click()
      await page.getByRole('radio', { name: /An account that looks/ }).check()
      await page.getByRole('button', { name: 'Show what is made' }).click()
      const plan = page.getByRole('table', { name: 'What is made in the cluster' })
      await expect(plan.getByRole('row', { name: /ClusterRole meshdeck/ })).toContainText('will be made')
      await page.getByRole('button', { name: 'Join', exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name: CLUSTER })).toBeVisible()
      await expect(found.getByRole('row', { name: /API server/ })).toContainText('Answers')
      const role = JSON.stringify(await kubectlGet(['clusterrole', 'meshdeck'], { cluster: SECOND_CONTEXT }))
      expect(role).toContain('"impersonate"')
      expect(role).not.toContain('"create"')
    })

    await test.step('edit what is said of it', async () => {
      await page.getByRole('button', { name: 'Edit' }).click()
      await page.getByLabel('Region').fill('far-east')
      await page.getByLabel('Prometheus address').fill(second.prometheusUrl)
      await page.getByRole('button', { name: 'Test the address' }).click()
      await expect(page.getByRole('status', { name: 'Answer of Prometheus' })).toContainText('It answers queries')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('region', { name: 'Facts' })).toContainText('far-east')
    })

    await test.step('the account is taken away, and the cluster is lost', async () => {
      await kubectl(['delete', '-n', 'meshdeck-system', 'serviceaccount/meshdeck'], { cluster: SECOND_CONTEXT })
    })

    await test.step('a kubeconfig of another cluster is refused', async () => {
      await page.getByRole('button', { name: 'Renew the credential' }).click()
      const field = page.getByLabel('Kubeconfig', { exact: true })
      await field.fill(await readFile(other.kubeconfig, 'utf8'))
      await page.getByRole('button', { name: 'Test' }).click()
      const result = page.getByRole('status', { name: 'Test result' })
      await expect(result).toContainText('It reaches another cluster')
      await expect(page.getByRole('button', { name: 'Renew', exact: true })).toBeDisabled()
      await field.fill(kubeconfig)
      await page.getByRole('button', { name: 'Test' }).click()
      await expect(result).toContainText('It is the cluster that is meant')
      await page.getByRole('button', { name: 'Renew', exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name: CLUSTER })).toBeVisible()
      await expect(found.getByRole('row', { name: /API server/ })).toContainText('Answers')
    })
  })
})
