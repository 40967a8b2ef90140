import {
  MESHDECK_API_VERSION,
  RESTART_ALLOWED_ANNOTATION,
  type KubeResource,
  type Restart,
  type RestartSpec,
  type RestartTarget,
} from '@meshdeck/kube'
import type { ResourceClient } from '@meshdeck/kube-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startSandboxFleet, type SandboxFleet } from '../testing/sandbox-fleet.ts'
import { createRestartReconciler } from './restart.ts'

const PATIENT = { timeout: 60_000, interval: 50 }
const HOUR_MS = 3_600_000

let fleet: SandboxFleet
beforeEach(async () => {
  fleet = await startSandboxFleet()
  await fleet.east.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
})
afterEach(() => fleet.stop())

const target = (name: string): RestartTarget => ({ cluster: 'east-1', namespace: 'shop', kind: 'Deployment', name })

/** Deployments whose pod goes before the new one comes, with a budget that lets one of them go at a time. */
async function deploy(names: readonly string[]): Promise<void> {
  await fleet.east.create('PodDisruptionBudget', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { maxUnavailable: 1, selector: { matchLabels: { tier: 'shop' } } },
  })
  for (const name of names) {
    await fleet.east.create('Deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: {
        replicas: 1,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name, tier: 'shop' } },
          spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
        },
      },
    })
  }
  await vi.waitFor(async () => expect(await available()).toBe(names.length), PATIENT)
}

const deployments = async (): Promise<KubeResource[]> =>
  (await fleet.east.listAll('Deployment', { namespace: 'shop' })).items
const available = async (): Promise<number> =>
  (await deployments()).filter(({ status }) => JSON.stringify(status).includes('"availableReplicas":1')).length
const generations = async (): Promise<Record<string, unknown>> =>
  Object.fromEntries((await deployments()).map(({ metadata }) => [metadata.name, metadata.generation]))

async function ask(names: readonly string[], spec: Partial<RestartSpec> = {}): Promise<Restart> {
  const { resource } = await fleet.hub.create<Restart>('Restart', {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Restart',
    metadata: { name: 'all' },
    spec: { mesh: 'shop', targets: names.map(target), ...spec },
  })
  return resource
}
const allow = async (names: readonly string[], { metadata }: Restart): Promise<void> => {
  const patch = { metadata: { annotations: { [RESTART_ALLOWED_ANNOTATION]: metadata.uid } } }
  for (const name of names)
    await fleet.east.patch('Deployment', { namespace: 'shop', name }, patch, { strategy: 'merge' })
}
const live = () => fleet.hub.get<Restart>('Restart', { name: 'all' })
const edit = (spec: Partial<RestartSpec>) =>
  fleet.hub.patch('Restart', { name: 'all' }, { spec }, { strategy: 'merge' })
const count = async (phase: string): Promise<number> =>
  (await live()).status?.targets.filter((each) => each.phase === phase).length ?? 0

describe('a restart', { timeout: 180_000 }, () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']

  it('goes on whoever leads, one after the other as the budget says, and restarts each once', async () => {
    await fleet.join('east-1')
    await deploy(names)
    const before = await generations()
    await allow(names, await ask(names))
    let fewest = names.length
    const watching = new AbortController()
    const watched = (async () => {
      while (!watching.signal.aborted) fewest = Math.min(fewest, await available())
    })()
    // A controller is ended as soon as it has come some way; the next one takes over.
    for (let done = 1; done < names.length; done += 2) {
      const end = fleet.control({ resyncMs: HOUR_MS })
      await vi.waitFor(async () => expect(await count('Done')).toBeGreaterThanOrEqual(done), PATIENT)
      await end()
    }
    fleet.control({ resyncMs: HOUR_MS })
    await vi.waitFor(async () => expect((await live()).status?.phase).toBe('Done'), PATIENT)
    watching.abort()
    await watched
    expect(fewest).toBe(names.length - 1)
    expect((await live()).status).toMatchObject({ total: 6, done: 6, failed: 0 })
    for (const [name, generation] of Object.entries(await generations()))
      expect(generation).toBe(Number(before[name]) + 1)
  })

  it('is paused, goes on, is stopped, and leaves the others as they were', async () => {
    await fleet.join('east-1')
    await deploy(names)
    const before = await generations()
    await allow(names, await ask(names))
    fleet.control({ resyncMs: HOUR_MS })
    await vi.waitFor(async () => expect(await count('Done')).toBeGreaterThan(0), PATIENT)
    await edit({ paused: true })
    await vi.waitFor(async () => {
      const { status } = await live()
      expect([status?.phase, status?.targets.some(({ phase }) => phase === 'Running')]).toEqual(['Paused', false])
    }, PATIENT)
    const atPause = await generations()
    await edit({ paused: false })
    await vi.waitFor(async () => expect(await generations()).not.toEqual(atPause), PATIENT)
    await edit({ stopped: true })
    await vi.waitFor(async () => expect((await live()).status?.finishedAt).toBeDefined(), PATIENT)
    const { status } = await live()
    expect(status?.phase).toBe('Stopped')
    const after = await generations()
    for (const { name, phase } of status?.targets ?? [])
      expect([phase, Number(after[name]) - Number(before[name])]).toEqual(
        phase === 'Done' ? ['Done', 1] : ['Skipped', 0],
      )
    await expect(edit({ stopped: false })).rejects.toThrow('what was stopped stays stopped')
    await expect(edit({ targets: [target('z')] })).rejects.toThrow('the targets of a Restart cannot change')
  })

  it('touches nothing that nobody with the right has marked for it', async () => {
    await fleet.join('east-1')
    await deploy(['a', 'b'])
    const before = await generations()
    const restart = await ask(['a', 'b'])
    await allow(['b'], restart)
    fleet.control({ resyncMs: HOUR_MS })
    await vi.waitFor(async () => expect(await count('Done')).toBe(1), PATIENT)
    expect((await generations())['a']).toBe(before['a'])
    expect((await live()).status?.targets[0]?.message).toContain(`annotate deployment a ${RESTART_ALLOWED_ANNOTATION}=`)
    await allow(['a'], restart)
    await vi.waitFor(async () => expect((await live()).status?.phase).toBe('Done'), PATIENT)
  })

  it('is taken away after a day', async () => {
    const restart = await ask(['a'])
    const finishedAt = '2026-01-01T00:00:00Z'
    const status = { phase: 'Done' as const, total: 1, done: 1, failed: 0, targets: [], finishedAt }
    await fleet.hub.updateStatus('Restart', { ...restart, status })
    fleet.control({ resyncMs: HOUR_MS })
    await vi.waitFor(() => expect(live()).rejects.toMatchObject({ httpStatus: 404 }), PATIENT)
  })

  it('restarts each once, at whichever of its writes it is broken off', async () => {
    class Killed extends Error {}
    const few = ['a', 'b']
    await deploy(few)
    const { signal } = new AbortController()
    /** As the controller's, but for a process that ends with its nth write and hears no answer to it. */
    const look = async (last: number): Promise<void> => {
      let writes = 0
      const dying = (client: ResourceClient): ResourceClient =>
        new Proxy(client, {
          get: (inner, name) => {
            const method: unknown = Reflect.get(inner, name)
            if (typeof method !== 'function' || (name !== 'patch' && name !== 'updateStatus')) return method
            return async (...args: unknown[]) => {
              const answer: unknown = await Reflect.apply(method, inner, args)
              if (++writes >= last) throw new Killed()
              return answer
            }
          },
        })
      const reconcile = createRestartReconciler({
        hub: dying(fleet.hub),
        clientOf: () => Promise.resolve(dying(fleet.east)),
        restarts: () => [],
      })
      try {
        await reconcile('all', signal)
      } catch (error) {
        if (!(error instanceof Killed)) throw error
      }
    }
    const before = await generations()
    await allow(few, await ask(few))
    for (let looks = 0; (await live()).status?.finishedAt === undefined; looks++) {
      expect(looks).toBeLessThan(500)
      // Dies with the first write, then with the second, and so on, and starts over.
      await look(1 + (looks % 3))
    }
    for (const [name, generation] of Object.entries(await generations()))
      expect(generation).toBe(Number(before[name]) + 1)
    expect((await live()).status).toMatchObject({ phase: 'Done', done: 2 })
  })
})
