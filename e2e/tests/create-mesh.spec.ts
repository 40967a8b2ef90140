import type { Locator, Page } from '@playwright/test'
import { readSandboxState } from '@meshdeck/sandbox'
import { violationsOf } from '../support/accessibility.ts'
import { programs } from '../support/programs.ts'
import { runProgram } from '../support/run-program.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { expect, test } from '../support/test.ts'

/** Clusters with the Sail Operator and nothing else. */
let stack: Stack

test.beforeAll(async () => {
  stack = await startStack('--fleet', 'empty')
})
test.afterAll(async () => stack.stop())

async function kubectl(args: readonly string[], input?: string, context = 'east-1'): Promise<string> {
  const { kubeconfig } = readSandboxState(stack.sandbox())
  return runProgram((await programs()).kubectl, ['--kubeconfig', kubeconfig, '--context', context, ...args], input)
}

const hello = `
apiVersion: v1
kind: Namespace
metadata: {name: hello}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: hello, namespace: hello}
spec:
  selector: {matchLabels: {app: hello}}
  template:
    metadata: {labels: {app: hello}}
    spec: {containers: [{name: hello, image: registry.example/hello:1}]}
`

/** Whatever is made in istio-system is to be asked about of somebody who is not there. */
const guard = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
  - name: guard.example.com
    failurePolicy: Fail
    sideEffects: None
    admissionReviewVersions: [v1]
    rules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: istio-system}}
    clientConfig: {service: {namespace: guard, name: guard}}
`

/** Colours are measured as they are in the end, and not under the mouse. */
async function expectAccessible(page: Page): Promise<void> {
  await page.mouse.move(0, 0)
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation instanceof CSSTransition)
        .map(({ finished }) => finished),
    ),
  )
  expect(await violationsOf(page)).toEqual([])
}

for (const { locale, words } of [
  {
    locale: 'en-US',
    words: {
      create: 'Create a mesh',
      name: 'Name',
      next: 'Next',
      make: 'Create the mesh',
      passed: 'Dry run passed',
      clear: 'Nothing stands in the way.',
    },
  },
  {
    locale: 'zh-CN',
    words: {
      create: '创建网格',
      name: '名称',
      next: '下一步',
      make: '创建网格',
      passed: '试运行通过',
      clear: '没有阻碍。',
    },
  },
] as const) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale })
    test('every step of the wizard is accessible, and says what is missing before one goes on', async ({ page }) => {
      await page.goto(`${stack.url}meshes`)
      await page.getByRole('button', { name: words.create }).first().click()
      const next = page.getByRole('button', { name: words.next })
      await next.click()
      await expect(page.getByRole('alert')).toHaveCount(2)
      await page.getByLabel(words.name, { exact: true }).fill(`walk-${process.pid}`)
      await page.getByRole('radio', { name: /west-1/ }).check()
      for (let step = 0; step < 4; step++) {
        await expectAccessible(page)
        await next.click()
      }
      await expect(page.getByText(words.clear)).toBeVisible()
      await expectAccessible(page)
      await expect(page.getByRole('button', { name: words.make })).toBeEnabled()
      await expect(page.getByText(words.passed)).toHaveCount(3)
    })
  })
}

test('a dedicated mesh is created in the wizard, runs and injects, is edited, and is deleted again', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const next = page.getByRole('button', { name: 'Next' })

  await test.step('create', async () => {
    await page.goto(`${stack.url}meshes`)
    await page.getByRole('button', { name: 'Create a mesh' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('shop')
    await expect(page.getByRole('radio', { name: /hub.*has no Sail Operator, and Helm is not set up/ })).toBeDisabled()
    await page.getByRole('radio', { name: /east-1/ }).check()
    await next.click()
    await page.getByRole('radio', { name: /S200P1000/ }).check()
    await next.click()
    await page.getByRole('radio', { name: /Registered services only/ }).check()
    await page.getByRole('radio', { name: /^Failover/ }).check()
    await expect(page.getByText(/nodes of the chosen clusters are in: east/)).toBeVisible()
    await page.getByRole('combobox', { name: 'When this region fails' }).fill('east')
    await page.getByRole('combobox', { name: 'This one takes over' }).fill('east')
    await next.click()
    await expect(page.getByText('A region cannot take over from itself.')).toBeVisible()
    await page.getByRole('combobox', { name: 'This one takes over' }).fill('west')
    await page.getByRole('checkbox', { name: /Outlier detection for all services/ }).check()
    await next.click()
    await page.getByRole('checkbox', { name: /Sidecars in every namespace/ }).check()
    await kubectl(['apply', '-f', '-'], guard)
    await next.click()
    await expect(page.getByText('Dry run passed')).toHaveCount(3)
    await expect(page.getByText('DestinationRule outlier-detection')).toBeVisible()
    const checks = page.getByRole('region', { name: 'Checks before creation' })
    await expect(checks.getByRole('alert')).toContainText('1 check stands in the way')
    const admission = checks.getByRole('listitem').filter({ hasText: 'Admission webhooks' })
    await expect(admission).toContainText('guard.example.com (guard/guard)')
    await expect(page.getByRole('button', { name: 'Create the mesh' })).toBeDisabled()
    await kubectl(['delete', 'validatingwebhookconfiguration', 'guard'])
    await checks.getByRole('button', { name: 'Check again' }).click()
    await expect(checks).toContainText('Nothing stands in the way.')
    await checks
      .getByText(/checks passed/)
      .last()
      .click()
    await expect(admission).toContainText('No webhook can refuse what is made.')
    await expect(kubectl(['get', 'istio', 'default'])).rejects.toThrow(/NotFound/)
    await page.getByRole('button', { name: 'Create the mesh' }).click()
    await expect(page.getByText('shop runs. Its pages are ready.')).toBeVisible({ timeout: 60_000 })
    const points = page.getByRole('table', { name: 'What was found' })
    await expect(points.getByRole('row', { name: /^Istio/ })).toContainText('Ready')
    await expect(page.getByText(/Deployment istio-system\/istiod: 1 of 1 ready/)).toBeVisible()
  })

  await test.step('kubectl sees what the review showed, and pods get sidecars', async () => {
    const spec: unknown = JSON.parse(await kubectl(['get', 'istio', 'default', '-o', 'jsonpath={.spec}']))
    expect(spec).toMatchObject({
      version: 'v1.30.3',
      values: {
        global: { meshID: 'shop', multiCluster: { clusterName: 'east-1' } },
        meshConfig: {
          outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
          localityLbSetting: { enabled: true, failover: [{ from: 'east', to: 'west' }] },
        },
        pilot: { resources: { requests: { cpu: '400m', memory: '500Mi' } } },
        sidecarInjectorWebhook: { enableNamespacesByDefault: true },
      },
    })
    await kubectl(['apply', '-f', '-'], hello)
    await kubectl(['wait', '-n', 'hello', '--for=condition=Available', 'deployment/hello', '--timeout=30s'])
    await page.getByRole('button', { name: 'Open the mesh' }).click()
    await page.getByRole('navigation', { name: 'Mesh', exact: true }).getByRole('link', { name: 'Sidecars' }).click()
    await expect(page.getByRole('row', { name: /hello/ })).toContainText('1 of 1')
  })

  await test.step('edit', async () => {
    await page.goto(`${stack.url}meshes/shop/-edit`)
    await page.getByRole('combobox', { name: 'Outbound traffic' }).click()
    await page.getByTitle('All hosts').click()
    await expect(page.getByRole('combobox', { name: 'This one takes over' })).toHaveValue('west')
    await page.getByRole('radio', { name: /^As Istio does it/ }).check()
    await page.getByRole('checkbox', { name: /Protect against deletion/ }).check()
    await page.getByRole('button', { name: 'Review', exact: true }).click()
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(page.getByText('The mesh shop was changed.')).toBeVisible()
    const outbound = ['get', 'istio', 'default', '-o', 'jsonpath={.spec.values.meshConfig.outboundTrafficPolicy.mode}']
    await expect.poll(() => kubectl(outbound), { timeout: 60_000 }).toBe('ALLOW_ANY')
    const locality = ['get', 'istio', 'default', '-o', 'jsonpath={.spec.values.meshConfig.localityLbSetting}']
    expect(await kubectl(locality)).toBe('')
  })

  await test.step('cannot be deleted while it is protected', async () => {
    await page.goto(`${stack.url}meshes`)
    await page.getByRole('button', { name: 'More actions for shop' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(page.getByRole('dialog')).toContainText('protected against deletion')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'More actions for shop' }).click()
    await page.getByRole('menuitem', { name: 'Edit' }).click()
    await page.getByRole('checkbox', { name: /Protect against deletion/ }).uncheck()
    await page.getByRole('button', { name: 'Review', exact: true }).click()
    await page.getByRole('button', { name: 'Apply' }).click()
    await expect(page.getByText('The mesh shop was changed.')).toBeVisible()
  })

  await test.step('delete', async () => {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Meshes' }).click()
    await page.getByRole('button', { name: 'More actions for shop' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog: Locator = page.getByRole('dialog')
    await expect(dialog).toContainText('its Istio is deleted')
    await dialog.getByRole('textbox').fill('shop')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await expect(page.getByRole('article', { name: 'shop' })).toHaveCount(0, { timeout: 60_000 })
    await expect(kubectl(['get', 'istio', 'default'])).rejects.toThrow(/NotFound/)
    await expect(kubectl(['get', 'deployment', '-n', 'istio-system', 'istiod'])).rejects.toThrow(/NotFound/)
    expect(await kubectl(['get', 'namespace', 'hello', '-o', 'name'])).toContain('namespace/hello')
  })
})

test('a managed mesh over two clusters and two networks is created in the wizard, and a member leaves it', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const next = page.getByRole('button', { name: 'Next' })

  await test.step('create', async () => {
    await page.goto(`${stack.url}meshes`)
    await page.getByRole('button', { name: 'Create a mesh' }).first().click()
    await page.getByRole('radio', { name: /Managed/ }).check()
    await page.getByLabel('Name', { exact: true }).fill('both')
    await page.getByRole('radio', { name: /east-1/ }).check()
    await next.click()
    await expect(page.getByRole('alert')).toContainText('Choose at least one member.')
    await page.getByLabel('Network of east-1').fill('blue')
    await page.getByRole('checkbox', { name: /west-1/ }).check()
    await page.getByLabel('Network of west-1').fill('green')
    await next.click()
    await expect(page.getByRole('heading', { name: 'Entry of the control plane' })).toBeVisible()
    await expectAccessible(page)
    for (let step = 0; step < 3; step++) await next.click()
    await expect(page.getByText('VirtualService istiod-vs')).toBeVisible()
    await page.getByRole('button', { name: 'Create the mesh' }).click()
    await expect(page.getByText('both runs. Its pages are ready.')).toBeVisible({ timeout: 90_000 })
    const points = page.getByRole('table', { name: 'What was found' })
    await expect(points.getByRole('row', { name: /^Members known to istiod/ })).toContainText('Ready')
  })

  await test.step('the member is served by the other cluster', async () => {
    const secrets = ['get', 'secret', '-n', 'istio-system', '-l', 'istio/multiCluster=true', '-o', 'name']
    expect(await kubectl(secrets)).toBe('secret/istio-remote-secret-west-1\n')
    await kubectl(
      ['apply', '-f', '-'],
      hello.replace('{name: hello}', '{name: hello, labels: {istio-injection: enabled}}'),
      'west-1',
    )
    await kubectl(
      ['wait', '-n', 'hello', '--for=condition=Available', 'deployment/hello', '--timeout=30s'],
      undefined,
      'west-1',
    )
    await page.goto(`${stack.url}meshes/both/sidecars/namespaces`)
    await expect(page.getByRole('row', { name: /hello.*west-1|west-1.*hello/ })).toContainText('1 of 1')
  })

  await test.step('leaves, comes back, and the mesh goes', async () => {
    const istios = () => kubectl(['get', 'istio', '-o', 'name'], undefined, 'west-1')
    await page.getByRole('navigation', { name: 'Mesh', exact: true }).getByRole('link', { name: 'Clusters' }).click()
    await page
      .getByRole('row', { name: /west-1/ })
      .getByRole('button')
      .last()
      .click()
    await page.getByRole('menuitem', { name: 'Remove from the mesh' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('1 pod there has a sidecar')
    await dialog.getByRole('textbox').fill('west-1')
    await dialog.getByRole('button', { name: 'Remove from the mesh' }).click()
    await expect(page.getByRole('row', { name: /west-1/ })).toHaveCount(0, { timeout: 60_000 })
    expect(await istios()).toBe('')

    await page.getByRole('button', { name: 'Add clusters' }).click()
    await dialog.getByRole('checkbox', { name: /west-1/ }).check()
    await dialog.getByLabel('Network of west-1').fill('green')
    await expect(dialog.getByRole('checkbox', { name: /hub/ })).toBeDisabled()
    const checks = dialog.getByRole('region', { name: 'Checks before joining' })
    await expect(checks).toContainText('Nothing stands in the way.')
    await checks
      .getByText(/checks passed/)
      .last()
      .click()
    await expect(checks.getByRole('listitem').filter({ hasText: 'Addresses of pods' })).toContainText(
      'No other cluster is in network green.',
    )
    await dialog.getByRole('button', { name: 'Add 1 cluster' }).click()
    await expect(page.getByRole('row', { name: /west-1.*Running/ })).toBeVisible({ timeout: 60_000 })
    expect(await istios()).toContain('default')

    await kubectl(['delete', 'mesh.meshdeck.io', 'both', '--timeout=60s'], undefined, 'hub')
    await expect(kubectl(['get', 'istio', 'default'])).rejects.toThrow(/NotFound/)
    expect(await istios()).toBe('')
  })
})
