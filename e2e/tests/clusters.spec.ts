import { readFile } from 'node:fs/promises'
import { SECOND_CONTEXT } from '../support/fleet.ts'
import { kubectl, kubectlApply, kubectlGet } from '../support/kubectl.ts'
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

test.describe('a cluster that a ClusterProfile on the hub knows', () => {
  const name = `profiled-${process.pid}`
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: 'clusterprofiles.multicluster.x-k8s.io',
      annotations: { 'api-approved.kubernetes.io': 'unapproved, a test' },
    },
    spec: {
      group: 'multicluster.x-k8s.io',
      scope: 'Namespaced',
      names: {
        kind: 'ClusterProfile',
        plural: 'clusterprofiles',
        singular: 'clusterprofile',
        listKind: 'ClusterProfileList',
      },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }
  test.afterEach(async () => {
    await kubectl(['delete', '--ignore-not-found', `cluster.meshdeck.io/${name}`])
    await kubectl(['delete', '--ignore-not-found', '--wait=false', `namespace/${name}`])
    await kubectl(['delete', '--ignore-not-found', 'crd/clusterprofiles.multicluster.x-k8s.io'])
  })

  test('is said to be none as long as there is no such kind, then chosen and joined', async ({ page }) => {
    test.setTimeout(120_000)
    const second = (await testbed()).clusters.find((one) => one.name === SECOND_CONTEXT)
    if (!second) throw new Error('the testbed has no second cluster')
    await page.goto('/clusters/-join?from=hub')
    await expect(page.getByText('ClusterProfile: the hub does not have this kind.')).toBeVisible()

    await kubectlApply(JSON.stringify(definition))
    await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd/clusterprofiles.multicluster.x-k8s.io'])
    const secret = {
      metadata: { namespace: name, name: 'kubeconfig', labels: { 'x-k8s.io/cluster-profile': name } },
      stringData: { Config: await readFile(second.kubeconfig, 'utf8') },
    }
    const profile = { metadata: { namespace: name, name }, spec: { displayName: 'Known elsewhere' } }
    for (const object of [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      { apiVersion: 'v1', kind: 'Secret', ...secret },
      { apiVersion: 'multicluster.x-k8s.io/v1alpha1', kind: 'ClusterProfile', ...profile },
    ])
      await kubectlApply(JSON.stringify(object))

    await page.reload()
    await page.getByRole('checkbox', { name: `${name}/${name}` }).check()
    await page.getByRole('button', { name: 'Join 1 cluster' }).click()
    await page.getByRole('alert').getByRole('link', { name }).click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    const found = page.getByRole('table', { name: 'What was found' })
    await expect(found.getByRole('row', { name: /API server/ })).toContainText('Answers')
  })
})
