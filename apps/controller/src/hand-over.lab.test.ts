import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { MESHDECK_API_VERSION, MESHDECK_NAMESPACE, type Cluster, type KubeResource } from '@meshdeck/kube'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createLogger } from './logger.ts'
import { startController, type RunningController } from './start.ts'
import { layWire, openLabHub, removeFrom, type LabHub } from './testing/lab.ts'

const LEASE = { namespace: MESHDECK_NAMESPACE, name: `hand-over-test-${process.pid}` }
const TIMING = { leaseMs: 2_000, renewDeadlineMs: 1_200, retryMs: 100 }

let lab: LabHub
const running: RunningController[] = []

beforeAll(async () => {
  lab = await openLabHub()
})
afterAll(async () => {
  for (const controller of running) await controller.stop()
  await removeFrom(lab.client, 'Cluster', 'ctl-moved')
  await lab.client.delete('Lease', LEASE)
  await lab.close()
})

async function start(server?: string): Promise<RunningController> {
  const controller = await startController({
    hub: { ...lab.spec, ...(server === undefined ? {} : { server }) },
    kubeconfig: lab.kubeconfig,
    leaseName: LEASE.name,
    resyncMs: 500,
    timing: TIMING,
    logger: createLogger('silent'),
  })
  running.push(controller)
  return controller
}

const until = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 20 })

const holder = async (): Promise<unknown> => {
  const { spec } = await lab.client.get<KubeResource & { spec: { holderIdentity?: string } }>('Lease', LEASE)
  return spec.holderIdentity
}

it('goes from a controller that lost the hub to the next, and from one that stops at once', async () => {
  const wire = await layWire(lab.spec.server)
  const first = await start(wire.server)
  await until(() => expect(first.leading).toBe(true))
  const [second, third] = [await start(), await start()]
  const heldByFirst = await holder()

  // As good as killed: nothing of it reaches the hub any more.
  const cutAt = performance.now()
  await wire.cut()
  await until(() => expect(first.leading).toBe(false))
  expect([second.leading, third.leading]).toEqual([false, false])
  await until(() => expect([second.leading, third.leading].filter(Boolean)).toHaveLength(1))
  expect(performance.now() - cutAt).toBeGreaterThan(TIMING.renewDeadlineMs)
  expect(await holder()).not.toBe(heldByFirst)

  // The new leader does the work.
  const access = { kubeconfigContext: 'alpha' }
  await lab.client.create('Cluster', {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Cluster',
    metadata: { name: 'ctl-moved' },
    spec: { access },
  })
  await until(async () => {
    const { status } = await lab.client.get<Cluster>('Cluster', { name: 'ctl-moved' })
    expect(status?.conditions?.[0]).toMatchObject({ type: 'Reachable', status: 'True' })
  })

  const [leader, next] = second.leading ? [second, third] : [third, second]
  const stoppedAt = performance.now()
  await leader.stop()
  await until(() => expect(next.leading).toBe(true))
  expect(performance.now() - stoppedAt).toBeLessThan(TIMING.leaseMs)

  // The first comes back, and does not lead beside the others.
  await wire.mend()
  await first.stop()
  await next.stop()
  expect(await holder()).toBe('')
  await wire.cut()
})

it('runs as a process, and stops cleanly when told', async () => {
  const { path } = lab.kubeconfig
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'main.ts'), '--kubeconfig', path, '--hub-context', 'beta', '--metrics-port', '0'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await until(() => expect(output).toContain('"leading"'))
  const url = /"metrics":"([^"]+)"/.exec(output)?.[1] ?? ''
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('meshdeck_controller_leader 1')
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  expect(output).toContain('controller stopped')
  const { spec } = await lab.client.get<KubeResource & { spec: { holderIdentity?: string } }>('Lease', {
    ...LEASE,
    name: 'meshdeck-controller',
  })
  expect(spec.holderIdentity).toBe('')
  await lab.client.delete('Lease', { ...LEASE, name: 'meshdeck-controller' })
})
