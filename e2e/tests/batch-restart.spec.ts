/** Fifty workloads with one disruption budget, restarted in batches: paused, resumed, left alone, stopped, never below the budget. */
import { readSandboxState } from '@meshdeck/sandbox'
import { programs } from '../support/programs.ts'
import { runProgram } from '../support/run-program.ts'
import { startStack, type Stack } from '../support/stack.ts'
import { expect, test } from '../support/test.ts'

const WORKLOADS = 50
let stack: Stack
let kubeconfig = ''

test.beforeAll(async () => {
  stack = await startStack('--fleet', 'bookinfo')
  kubeconfig = readSandboxState(stack.sandbox()).kubeconfig
})
test.afterAll(async () => stack.stop())

async function kubectl(args: readonly string[], input?: string): Promise<string> {
  return runProgram((await programs()).kubectl, ['--kubeconfig', kubeconfig, ...args], input)
}

const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'crowd' },
  spec: {
    replicas: 1,
    // Each restart takes its pod away before the new one is there.
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, tier: 'crowd' } },
      spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
    },
  },
})

test('a namespace of 50 workloads is restarted within a budget of one, paused, resumed, left alone and stopped', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const names = Array.from({ length: WORKLOADS }, (_, index) => `w${String(index).padStart(2, '0')}`)
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'crowd' } },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'crowd', namespace: 'crowd' },
      spec: { maxUnavailable: 1, selector: { matchLabels: { tier: 'crowd' } } },
    },
    ...names.map(deployment),
  ]
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  await kubectl(['wait', '-n', 'crowd', '--for=condition=Available', 'deployments', '--all', '--timeout=60s'])
  await kubectl(['label', 'namespace', 'crowd', 'istio-injection=enabled'])

  const ready = async (): Promise<number> => {
    const status = await kubectl([
      'get',
      'pods',
      '-n',
      'crowd',
      '-o',
      'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {end}',
    ])
    return status.split(' ').filter((each) => each === 'True').length
  }
  const injected = async (): Promise<number> => {
    const pods = await kubectl(['get', 'pods', '-n', 'crowd', '-l', 'security.istio.io/tlsMode=istio', '-o', 'name'])
    return pods.split('\n').filter((line) => line !== '').length
  }

  const meshes = await kubectl(['get', 'meshes.meshdeck.io', '-o', 'jsonpath={.items[0].metadata.name}'])
  await page.goto(`${stack.url}meshes/${meshes}/sidecars/namespaces?search=crowd`)
  await page.getByRole('row', { name: /crowd/ }).getByRole('button').last().click()
  await page.getByRole('menuitem', { name: /Restart 50 waiting workloads/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Restart 50 workloads now' }).click()
  await expect(dialog.getByText('Waits for the budget crowd').first()).toBeVisible()

  let fewest = WORKLOADS
  const watching = new AbortController()
  const watched = (async () => {
    while (!watching.signal.aborted) fewest = Math.min(fewest, await ready())
  })()
  await expect.poll(injected, { timeout: 60_000 }).toBeGreaterThan(2)

  await dialog.getByRole('button', { name: 'Pause' }).click()
  await expect(dialog.getByText('Paused', { exact: true })).toBeVisible()
  await expect(dialog.getByText(/Begun|of 1 pod renewed/)).toHaveCount(0, { timeout: 30_000 })
  const atPause = await injected()
  // Many looks of kubectl take longer than the controller's own look at what may go next.
  for (let look = 0; look < 20; look++) expect(await injected()).toBe(atPause)

  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect.poll(injected, { timeout: 60_000 }).toBeGreaterThan(atPause + 1)

  // Nobody looks any longer, and it goes on.
  await page.goto('about:blank')
  const atClose = await injected()
  await expect.poll(injected, { timeout: 60_000 }).toBeGreaterThan(atClose + 4)

  await page.goto(`${stack.url}meshes/${meshes}/sidecars/restarts`)
  const row = page.getByRole('row', { name: /of 50 workloads done/ })
  await expect(row.getByText('Running', { exact: true })).toBeVisible()
  await row.getByRole('link').click()
  await expect(page.getByText('Waits for the budget crowd').first()).toBeVisible()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible()
  await expect(page.getByText(/Begun|of 1 pod renewed/)).toHaveCount(0, { timeout: 30_000 })
  watching.abort()
  await watched
  expect(fewest).toBeGreaterThanOrEqual(WORKLOADS - 1)
  expect(await injected()).toBeLessThan(WORKLOADS)
})
