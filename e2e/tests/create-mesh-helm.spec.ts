/** On the lab alone: real Helm installs Istio's real charts, and a real istiod runs for the Deployment that they make. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { labDown, labUp, type LabState } from '@meshdeck/lab'
import type { Page } from '@playwright/test'
import { runProgram } from '../support/run-program.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { expect, test } from '../support/test.ts'

let lab: LabState
let stack: Stack

test.beforeAll(async () => {
  test.setTimeout(600_000)
  lab = await labUp({ dir: mkdtempSync(join(tmpdir(), 'meshdeck-helm-')), clusters: ['north', 'south'], bare: true })
  const { kubeconfig, bin } = lab
  stack = await startStack('--kubeconfig', kubeconfig, '--helm', bin.helm, '--istio-charts', bin.charts)
})
test.afterAll(async () => {
  await stack.stop()
  await labDown({ dir: lab.dir })
})

const kubectl = (args: readonly string[], input?: string, cluster = 'north'): Promise<string> =>
  runProgram(lab.bin.kubectl, ['--kubeconfig', lab.kubeconfig, '--context', cluster, ...args], input)

async function releases(): Promise<string[]> {
  const args = ['list', '-A', '-o', 'json', '--kubeconfig', lab.kubeconfig, '--kube-context', 'north']
  const list = JSON.parse(await runProgram(lab.bin.helm, args)) as { name: string; status: string }[]
  return list.map(({ name, status }) => `${name} ${status}`)
}

const hello = (namespace: string): string => `
apiVersion: v1
kind: Namespace
metadata: {name: ${namespace}, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec: {containers: [{name: hello, image: registry.example/hello:1}]}
`

/** Through the wizard with as little said as can be. */
async function create(page: Page): Promise<void> {
  const next = page.getByRole('button', { name: 'Next' })
  await page.goto(`${stack.url}meshes`)
  await page.getByRole('button', { name: 'Create a mesh' }).first().click()
  await page.getByLabel('Name', { exact: true }).fill('shop')
  await page.getByRole('radio', { name: /north/ }).check()
  await expect(page.getByText("The controller installs Istio's own charts")).toBeVisible()
  for (let step = 0; step < 4; step++) await next.click()
  await expect(page.getByText('helm upgrade --install istiod istiod')).toBeVisible()
  // Helm and the API server have been asked what it would make.
  const istiod = page.getByRole('region', { name: 'Helm istiod' })
  await expect(istiod.getByText(/Deployment istio-system\/istiod/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Create the mesh' }).click()
  await expect(page.getByText('shop runs. Its pages are ready.')).toBeVisible({ timeout: 90_000 })
}

test('a dedicated mesh by real Helm releases is created in the wizard, injects, is edited, deleted, and made again', async ({
  page,
}) => {
  test.setTimeout(300_000)

  await test.step('create', async () => {
    await create(page)
    const points = page.getByRole('table', { name: 'What was found' })
    await expect(points.getByRole('row', { name: /^Installer/ })).toContainText('Helm')
    await expect(points.getByRole('row', { name: /^Istio/ })).toContainText('Ready')
    expect(await releases()).toEqual(['istio-base deployed', 'istiod deployed'])
  })

  await test.step('pods get their sidecars from the real istiod', async () => {
    await kubectl(['apply', '-f', '-'], hello('hello'))
    await kubectl(['wait', '-n', 'hello', '--for=condition=Available', 'deployment/hello', '--timeout=60s'])
    await page.getByRole('button', { name: 'Open the mesh' }).click()
    await page.getByRole('navigation', { name: 'Mesh', exact: true }).getByRole('link', { name: 'Sidecars' }).click()
    await expect(page.getByRole('row', { name: /hello/ })).toContainText('1 of 1')
  })

  await test.step('edit', async () => {
    await page.goto(`${stack.url}meshes/shop/-edit`)
    await page.getByRole('combobox', { name: 'Outbound traffic' }).click()
    await page.getByTitle('Registered services only').click()
    await page.getByRole('button', { name: 'Review', exact: true }).click()
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(page.getByText('The mesh shop was changed.')).toBeVisible()
    const config = ['get', 'configmap', '-n', 'istio-system', 'istio', '-o', 'jsonpath={.data.mesh}']
    await expect.poll(() => kubectl(config), { timeout: 60_000 }).toContain('REGISTRY_ONLY')
  })

  await test.step('delete, told what stays behind', async () => {
    await page.goto(`${stack.url}meshes`)
    await page.getByRole('button', { name: 'More actions for shop' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('1 pod still has a sidecar')
    await dialog.getByRole('textbox').fill('shop')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByRole('article', { name: 'shop' })).toHaveCount(0, { timeout: 60_000 })
    expect(await releases()).toEqual([])
    expect(await kubectl(['get', 'deployment', '-n', 'hello', '-o', 'name'])).toContain('deployment.apps/hello')
  })

  await test.step('made again under the same name', async () => {
    await create(page)
    expect(await releases()).toEqual(['istio-base deployed', 'istiod deployed'])
  })
})
