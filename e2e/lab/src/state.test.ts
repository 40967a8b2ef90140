import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planLab } from './plan.ts'
import { identityOf, type ProcessRecord } from './processes.ts'
import { createStateKeeper, withoutEnded } from './state-keeper.ts'
import {
  CLUSTER_PORT_NAMES,
  clusterOf,
  findState,
  LabStateError,
  parseState,
  readState,
  statePath,
  writeState,
  type LabState,
} from './state.ts'

let dir: string
let lab: LabState
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-state-'))
  lab = await planLab(dir, { clusters: ['alpha', 'beta'], bare: false }, '/bin', {
    prometheus: '/bin/prometheus',
    promtool: '/bin/promtool',
  })
})
afterEach(() => rm(dir, { recursive: true }))

const record = (part: string, pid: number, identity = 'boot/1'): ProcessRecord => ({ part, pid, identity, log: '/log' })

describe('the plan of a lab', () => {
  it('gives every process of every cluster a port of its own', () => {
    const ports = [
      lab.etcd.clientPort,
      lab.etcd.peerPort,
      ...lab.clusters.flatMap(({ ports: own }) => CLUSTER_PORT_NAMES.map((name) => own[name])),
    ]
    expect(new Set(ports).size).toBe(2 + 2 * CLUSTER_PORT_NAMES.length)
  })

  it('keeps all files in its directory', () => {
    const files = [
      lab.kubeconfig,
      lab.tokens,
      lab.expiredKubeconfig,
      ...Object.values(lab.users).map(({ kubeconfig }) => kubeconfig),
      ...lab.clusters.map(({ kubeconfig }) => kubeconfig),
    ]
    expect(files.every((file) => file.startsWith(`${dir}/`))).toBe(true)
    expect(new Set(files).size).toBe(files.length)
  })
})

describe('the state of a lab', () => {
  it('comes back as it was written, for its owner’s eyes only, with no draft beside', async () => {
    const written = { ...lab, processes: [record('etcd', 4711)] }
    await writeState(written)
    expect(await readState(dir)).toEqual(written)
    expect((await stat(statePath(dir))).mode & 0o777).toBe(0o600)
    expect(await readdir(dir)).toEqual(['state.json'])
  })

  it('is absent without a lab, and says how to make one', async () => {
    expect(await findState(dir)).toBeUndefined()
    await expect(readState(dir)).rejects.toThrow(`no lab in ${dir}; bring it up with \`pnpm lab up\``)
  })

  it('is not taken from a damaged file', async () => {
    await writeFile(statePath(dir), '{')
    await expect(readState(dir)).rejects.toThrow(LabStateError)
  })

  it.each<[string, (state: Record<string, unknown>) => unknown]>([
    ['is no object', () => []],
    ['is of another version', (state) => ({ ...state, version: 2 })],
    ['has an odd phase', (state) => ({ ...state, phase: 'half' })],
    ['lacks a user', (state) => ({ ...state, users: {} })],
    ['lacks a port', (state) => ({ ...state, clusters: [{ name: 'alpha', ports: {} }] })],
    // A signal to these would reach everybody.
    ['would have pid 0 ended', (state) => ({ ...state, processes: [record('etcd', 0)] })],
    ['would have pid 1 ended', (state) => ({ ...state, processes: [record('etcd', 1)] })],
    ['would have a process group ended', (state) => ({ ...state, processes: [record('etcd', -4711)] })],
    ['has a process without identity', (state) => ({ ...state, processes: [{ part: 'etcd', pid: 4711 }] })],
  ])('is refused when it %s', (_, spoil) => {
    expect(() => parseState(JSON.stringify(spoil({ ...lab })))).toThrow(LabStateError)
  })

  it('names the clusters that there are when asked for another', () => {
    expect(clusterOf(lab, 'beta').name).toBe('beta')
    expect(() => clusterOf(lab, 'gamma')).toThrow('no cluster "gamma" in this lab; it has alpha, beta')
  })
})

describe('the keeper of a state', () => {
  it('writes the changes of two who work at the same time in their order', async () => {
    const keeper = createStateKeeper(lab)
    await Promise.all([1001, 1002, 1003, 1004].map((pid) => keeper.addProcess(record(`part-${pid}`, pid))))
    expect((await readState(dir)).processes.map(({ pid }) => pid)).toEqual([1001, 1002, 1003, 1004])
    expect(keeper.current()).toEqual(await readState(dir))
  })

  it('forgets processes that have ended, and strangers that have their pids', () => {
    const identity = identityOf(process.pid)
    const processes = [
      record('alive', process.pid, identity),
      record('stranger', process.pid),
      record('ended', 2 ** 22 + 1),
    ]
    expect(withoutEnded({ ...lab, processes }).processes.map(({ part }) => part)).toEqual(['alive'])
  })
})
