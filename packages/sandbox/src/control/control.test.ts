import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyFleet } from '../fleets/empty.ts'
import { FAULT_WORDS, parseFaults, wordsOf } from './cluster-faults.ts'
import { DIRECTORY_PREFIX, faultsOf, readSandboxState, runningSandboxes, setFaults } from './running-sandbox.ts'
import type { SandboxState } from './running-sandbox.ts'
import { serveSandbox } from './serve-sandbox.ts'

describe('words for faults', () => {
  it('are read back as they were written', () => {
    const word = fc.constantFrom(...FAULT_WORDS.map(({ word, unit }) => (unit === undefined ? word : `${word}=7`)))
    fc.assert(
      fc.property(fc.uniqueArray(word), (words) => {
        expect(new Set(wordsOf(parseFaults(words)))).toEqual(new Set(words))
      }),
    )
  })

  it.each([
    ['dwn', 'dwn: no such fault; there are down, slow,'],
    ['down=1', 'down=1: down takes no value'],
    ['429=101', '429=101: write 429=N, N from 0 to 100 (percent)'],
    ['slow=-1', 'slow=-1: write slow=N, N from 0 to 600000 (milliseconds)'],
    ['slow=', 'slow=: write slow=N'],
  ])('%s is refused with what to write', (word, message) => {
    expect(() => parseFaults([word])).toThrow(message)
  })
})

describe('a fleet that is served', () => {
  const directory = mkdtempSync(join(tmpdir(), DIRECTORY_PREFIX))
  const errors: unknown[] = []
  let stop: () => Promise<void>
  let state: SandboxState

  beforeAll(async () => {
    stop = await serveSandbox({ fleet: emptyFleet(), seed: 1, directory, onError: (error) => errors.push(error) })
    state = readSandboxState(directory)
  })
  afterAll(async () => {
    await stop()
    rmSync(directory, { recursive: true })
    expect(errors).toEqual([])
  })

  /** What the cluster says to anybody who asks for its version: the status, or that nobody answered. */
  const answer = (cluster: string): Promise<number | string> => {
    const server = state.clusters.find(({ name }) => name === cluster)?.server ?? ''
    const script = `process.env.NODE_NO_WARNINGS = '1'
      fetch('${server}/version').then(({ status }) => console.log(status), ({ cause }) => console.log(cause.code))`
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' }
    return new Promise((resolve, reject) => {
      execFile(process.execPath, ['-e', script], { env }, (error, stdout) => {
        if (error) reject(error)
        else resolve(stdout.trim())
      })
    })
  }

  it('is found on this machine', () => {
    expect(runningSandboxes()).toContain(directory)
  })

  it('has faults switched on and off from outside', async () => {
    await setFaults(state, 'east-1', ['down'])
    expect([await answer('east-1'), await answer('west-1')]).toEqual(['ECONNREFUSED', '200'])
    await setFaults(state, 'east-1', ['5xx=100'])
    expect(await faultsOf(state)).toEqual({ hub: [], 'east-1': ['5xx=100'], 'west-1': [] })
    expect(await answer('east-1')).toBe('500')
    await setFaults(state, 'east-1', [])
    expect(await answer('east-1')).toBe('200')
  })

  it('says which clusters and words there are', async () => {
    await expect(setFaults(state, 'mars', ['down'])).rejects.toThrow(
      'no cluster mars here; there are hub, east-1, west-1',
    )
    await expect(setFaults(state, 'hub', ['dwn'])).rejects.toThrow('no such fault')
  })

  it('is closed to who does not know the token', async () => {
    for (const authorization of ['', 'Bearer x', `Bearer ${'x'.repeat(32)}`]) {
      const response = await fetch(`${state.control.url}/faults`, { headers: { authorization } })
      expect(response.status).toBe(401)
    }
  })
})
