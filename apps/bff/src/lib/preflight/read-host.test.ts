import { ClusterUnreachableError, KubeStatusError } from '@meshdeck/kube-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clusterRecord } from '../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../testing/sandbox-hub.ts'
import { readHost } from './read-host.ts'

/** The sandbox's own controllers take their time on a busy machine. */
const PATIENT = { timeout: 10_000 }
let fleet: SandboxHub
beforeAll(async () => {
  fleet = await startSandboxHub('empty')
})
afterAll(async () => {
  await fleet.close()
})

const read = (deadlineMs: number) =>
  readHost({
    cluster: clusterRecord('east-1'),
    client: fleet.client('east-1'),
    deadlineMs,
    missingRights: Promise.resolve({ value: [] }),
    apiServer: Promise.resolve({ value: 'name' }),
    meshes: [],
  })

describe('what is read of a cluster', () => {
  it('has its clock, its definitions without their schemas, and its operator', async () => {
    const facts = await read(5_000)
    expect(facts.clock).toMatchObject({ value: { at: expect.any(Number) } })
    if (!('value' in facts.clock && 'value' in facts.definitions)) throw new Error('not read')
    expect(Math.abs(facts.clock.value.aheadMs)).toBeLessThan(5_000)
    const gateways = facts.definitions.value.find(({ metadata }) => metadata.name === 'gateways.networking.istio.io')
    expect(gateways).toBeDefined()
    expect(gateways?.spec).toBeUndefined()
    await expect
      .poll(async () => (await read(5_000)).deployments, PATIENT)
      .toMatchObject({ value: [{ metadata: { name: 'sail-operator' } }] })
  })

  it('is waited for no longer than the deadline', async () => {
    await fleet.sandbox.setFaults('east-1', { api: { delayMs: 60_000 }, prometheus: {} })
    await expect(read(200)).rejects.toSatisfy(
      (error) => error instanceof ClusterUnreachableError && error.reason === 'timeout',
    )
    await fleet.sandbox.setFaults('east-1', { api: {}, prometheus: {} })
  })

  it('is nothing where the API server fails altogether', async () => {
    await fleet.sandbox.setFaults('east-1', { api: { serverErrors: 1 }, prometheus: {} })
    await expect(read(5_000)).rejects.toSatisfy((error) => error instanceof KubeStatusError && error.httpStatus === 500)
    await fleet.sandbox.setFaults('east-1', { api: {}, prometheus: {} })
  })
})
