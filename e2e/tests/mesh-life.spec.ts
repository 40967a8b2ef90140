import { readFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { readSandboxState } from '@meshdeck/sandbox'
import { programs } from '../support/programs.ts'
import { runProgram } from '../support/run-program.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { expect, test } from '../support/test.ts'

const REPOSITORY = join(import.meta.dirname, '../..')
/** Clusters with the Sail Operator and nothing else. */
let stack: Stack

test.beforeAll(async () => {
  stack = await startStack('--fleet', 'empty')
})
test.afterAll(async () => stack.stop())

async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const { kubeconfig } = readSandboxState(stack.sandbox())
  return runProgram((await programs()).kubectl, ['--kubeconfig', kubeconfig, '--context', 'east-1', ...args], input)
}

const sandbox = (...args: readonly string[]): string =>
  execFileSync('node', ['scripts/sandbox.ts', ...args, '--directory', stack.sandbox()], {
    cwd: REPOSITORY,
    encoding: 'utf8',
  })

const istio = `
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: sailoperator.io/v1
kind: Istio
metadata: {name: default}
spec:
  version: v1.29.6
  namespace: istio-system
  values:
    global: {hub: registry.example/istio}
    meshConfig: {accessLogFile: /dev/stdout}
`

test('an Istio of others is taken over without a change, lost with its cluster, forced off, and found again', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const generation = [
    'get',
    'deployment',
    '-n',
    'istio-system',
    'istiod',
    '-o',
    'jsonpath={.metadata.uid} {.metadata.generation}',
  ]

  await test.step('take over', async () => {
    await kubectl(['apply', '-f', '-'], istio)
    await expect.poll(() => kubectl(generation).catch(() => ''), { timeout: 30_000 }).not.toBe('')
    const before = await kubectl(generation)
    await page.goto(`${stack.url}meshes/-create?mode=external`)
    // The controller looks at the cluster every half a minute.
    await expect(page.getByRole('radio', { name: /east-1.*1\.29\.6/ })).toBeVisible({ timeout: 60_000 })
    await page.getByLabel('Name', { exact: true }).fill('taken')
    await page.getByRole('radio', { name: /east-1/ }).check()
    await page.getByRole('radio', { name: /^Take over/ }).check()
    await page.getByRole('button', { name: 'Review', exact: true }).click()
    await expect(page.getByRole('list', { name: 'Releases and resources' })).toContainText(
      'Istio default: stays as it is',
    )
    await expect(page.getByText('Dry run passed')).toBeVisible()
    await page.getByRole('button', { name: 'Take over' }).click()
    await expect(page.getByText('taken runs. Its pages are ready.')).toBeVisible({ timeout: 60_000 })
    expect(
      await kubectl(['get', 'istio', 'default', '-o', 'jsonpath={.metadata.generation} {.metadata.labels}']),
    ).toMatch(/^1 .*"meshdeck.io\/mesh":"taken"/)
    expect(await kubectl(generation)).toBe(before)
  })

  await test.step('force the deletion while the cluster is away', async () => {
    sandbox('fault', 'east-1', 'down')
    await page.getByRole('button', { name: 'Open the mesh' }).click()
    await expect(page.getByText(/east-1.* cannot be reached/).first()).toBeVisible({ timeout: 60_000 })
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect(page.getByText('Not known whether pods have sidecars of this mesh')).toBeVisible()
    await page.getByRole('button', { name: 'Force the deletion' }).click()
    const dialog = page.getByRole('dialog', { name: 'Force the deletion of mesh taken' })
    await expect(dialog).toContainText('kubectl --context east-1 delete istios.sailoperator.io default')
    await dialog.getByRole('textbox').fill('taken')
    const download = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Delete and leave it behind' }).click()
    expect(await readFile(await (await download).path(), 'utf8')).toContain('delete istios.sailoperator.io default')
    await expect(page.getByText('Mesh taken was taken off the hub by force')).toBeVisible()
  })

  await test.step('what was left behind is shown where it is', async () => {
    sandbox('heal', 'east-1')
    await page.goto(`${stack.url}clusters/east-1`)
    await expect(async () => {
      await page.reload()
      await expect(page.getByRole('region', { name: 'Left by meshes that are no more' })).toContainText(
        'Istio default',
        {
          timeout: 3_000,
        },
      )
    }).toPass({ timeout: 60_000 })
  })
})
