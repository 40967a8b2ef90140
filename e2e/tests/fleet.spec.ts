import { readFile } from 'node:fs/promises'
import { SECOND_CONTEXT } from '../support/fleet.ts'
import { kubectl, kubectlApply, kubectlGet } from '../support/kubectl.ts'
import { expect, test } from '../support/test.ts'
import { testbed } from '../testbed/testbed.ts'

const CLUSTER = `newcomer-${process.pid}`
const MESH = `fresh-${process.pid}`
const NAMESPACE = `journey-${process.pid}`

const demo = `
apiVersion: v1
kind: Namespace
metadata: {name: ${NAMESPACE}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello, namespace: ${NAMESPACE}}
spec:
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec: {containers: [{name: hello, image: registry.example/hello:1}]}
`

test.describe('a cluster with a workload out of the mesh', () => {
  test.beforeEach(() => kubectlApply(demo, { cluster: SECOND_CONTEXT }))
  test.afterEach(async () => {
    await kubectl(['delete', '--ignore-not-found', '--wait=false', 'namespace', NAMESPACE], { cluster: SECOND_CONTEXT })
    await kubectl(['delete', '--ignore-not-found', `mesh.meshdeck.io/${MESH}`, `cluster.meshdeck.io/${CLUSTER}`])
  })

  test('is joined, its Istio attached, a namespace injected, a workload restarted, and all of it undone', async ({
    page,
  }) => {
    test.setTimeout(180_000)
    const second = (await testbed()).clusters.find(({ name }) => name === SECOND_CONTEXT)
    if (!second) throw new Error('the testbed has no second cluster')

    await test.step('join', async () => {
      await page.goto('/clusters')
      await page.getByRole('button', { name: 'Join a cluster' }).click()
      await page.getByLabel('Kubeconfig', { exact: true }).fill(await readFile(second.kubeconfig, 'utf8'))
      await page.getByLabel('Name', { exact: true }).fill(CLUSTER)
      await page.getByLabel('Prometheus address').fill(second.prometheusUrl)
      await page.getByRole('button', { name: 'Test' }).click()
      const result = page.getByRole('status', { name: 'Test result' })
      await expect(result).toContainText(/Connection.*Kubernetes v1/)
      await expect(result).toContainText(/Istio.*istio-system/)
      await page.getByRole('button', { name: 'Join', exact: true }).click()
      await expect(page.getByRole('heading', { level: 1, name: CLUSTER })).toBeVisible()
      const found = page.getByRole('table', { name: 'What was found' })
      await expect(found.getByRole('row', { name: /API server/ })).toContainText('Answers')
      await expect(page.getByRole('table', { name: 'Istio' })).toContainText('istio-system')
    })

    await test.step('attach its Istio as an external mesh', async () => {
      await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Meshes' }).click()
      await page.getByRole('button', { name: 'Attach a mesh' }).click()
      await page.getByRole('button', { name: 'Review' }).click()
      await expect(page.getByText('Give the mesh a name.')).toBeVisible()
      await page.getByLabel('Name', { exact: true }).fill(MESH)
      await page.getByRole('radio', { name: new RegExp(CLUSTER) }).check()
      await page.getByRole('button', { name: 'Review' }).click()
      await expect(page.getByText('Dry run passed')).toBeVisible()
      await page.getByRole('button', { name: 'Attach a mesh' }).click()
      await expect(page.getByText(`${MESH} runs. Its pages are ready.`)).toBeVisible()
      await page.getByRole('button', { name: 'Open the mesh' }).click()
      await expect(page).toHaveURL(new RegExp(`/meshes/${MESH}/overview$`))
    })

    const row = page.getByRole('row', { name: new RegExp(NAMESPACE) })
    await test.step('enable injection and restart', async () => {
      await page.getByRole('navigation', { name: 'Mesh', exact: true }).getByRole('link', { name: 'Sidecars' }).click()
      await expect(row).toContainText('0 of 1')
      await page.getByRole('button', { name: `More actions for ${NAMESPACE}` }).click()
      await page.getByRole('menuitem', { name: 'Enable injection' }).click()
      const dialog = page.getByRole('dialog')
      await expect(dialog).toContainText('istio-injection')
      await expect(dialog).toContainText('The API server has tried this')
      await dialog.getByRole('button', { name: 'Enable', exact: true }).click()
      await dialog.getByRole('button', { name: 'Restart 1 workload now' }).click()
      await expect(dialog).toContainText('1 of 1 workload done', { timeout: 60_000 })
      await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
      await expect(row).toContainText('1 of 1')
    })

    await test.step("kubectl sees the proxy that istiod's webhook put there", async () => {
      await expect
        .poll(async () => JSON.stringify(await kubectlGet(['pods', '-n', NAMESPACE], { cluster: SECOND_CONTEXT })))
        .toContain('"name":"istio-proxy"')
      const pods = JSON.stringify(await kubectlGet(['pods', '-n', NAMESPACE], { cluster: SECOND_CONTEXT }))
      expect(pods).toContain('"sidecar.istio.io/status"')
    })

    await test.step('delete the mesh and leave the cluster', async () => {
      await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Clusters' }).click()
      await page.getByRole('link', { name: CLUSTER }).click()
      await page.getByRole('button', { name: 'Leave' }).click()
      await expect(page.getByRole('dialog')).toContainText('The cluster belongs to these meshes')
      await page.keyboard.press('Escape')

      await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Meshes' }).click()
      await page.getByRole('button', { name: `More actions for ${MESH}` }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      const confirm = page.getByRole('dialog')
      await expect(confirm.getByRole('button', { name: 'Delete' })).toBeDisabled()
      await confirm.getByRole('textbox').fill(MESH)
      await confirm.getByRole('button', { name: 'Delete' }).click()
      await expect(page.getByRole('article', { name: MESH })).toHaveCount(0)

      await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Clusters' }).click()
      await page.getByRole('button', { name: `More actions for ${CLUSTER}` }).click()
      await page.getByRole('menuitem', { name: 'Leave' }).click()
      await page.getByRole('dialog').getByRole('textbox').fill(CLUSTER)
      await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
      await expect(page.getByRole('link', { name: CLUSTER })).toHaveCount(0)
      expect(await kubectl(['get', 'secrets', '-n', 'meshdeck-system', '-o', 'name'])).not.toContain(CLUSTER)
    })
  })
})

test('one of several contexts is chosen, and its expired certificate is told before anything is joined', async ({
  page,
}) => {
  const { expiredKubeconfig } = await testbed()
  await page.goto('/clusters/-join')
  await page.getByLabel('Kubeconfig', { exact: true }).fill(await readFile(expiredKubeconfig, 'utf8'))
  await page.getByLabel('Name', { exact: true }).fill('expired')
  await page.getByRole('button', { name: 'Test' }).click()
  await expect(page.getByText(/It has several contexts/).first()).toBeVisible()
  await page.getByRole('combobox', { name: 'Context' }).click()
  await page.getByTitle('alpha', { exact: true }).click()
  await page.getByRole('button', { name: 'Test' }).click()
  await expect(page.getByText(/certificate has expired/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: /^Join/ })).toBeDisabled()
})

test.describe('a kubeconfig that must not be used', () => {
  const config = (server: string, user: object): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'x',
      clusters: [{ name: 'x', cluster: { server } }],
      users: [{ name: 'x', user }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
    })
  const cases: [what: string, kubeconfig: string, english: RegExp, chinese: RegExp][] = [
    [
      'runs a program',
      config('https://10.1.2.3', { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh' } }),
      /It runs a program/,
      /需要运行程序/,
    ],
    ['points to files', config('https://10.1.2.3', { tokenFile: '/etc/shadow' }), /It points to files/, /其引用了文件/],
    [
      'leads to a metadata service',
      config('https://169.254.169.254', { token: 'x' }),
      /metadata service/,
      /元数据服务/,
    ],
    ['is broken', 'clusters: [', /This is no YAML/, /不是 YAML/],
  ]
  for (const [what, kubeconfig, english, chinese] of cases) {
    test(`one that ${what} is refused with the reason and the cure, in both languages`, async ({ page }) => {
      await page.goto('/clusters/-join')
      await page.getByLabel('Kubeconfig', { exact: true }).fill(kubeconfig)
      await page.getByLabel('Name', { exact: true }).fill('refused')
      await page.getByRole('button', { name: 'Test' }).click()
      await expect(page.getByText(english)).toBeVisible()
      await expect(page.getByRole('button', { name: /^Join/ })).toBeDisabled()
      await page.getByRole('button', { name: '切换到中文' }).click()
      await expect(page.getByText(chinese)).toBeVisible()
    })
  }
})
