import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  identityOf,
  isRunning,
  ProcessError,
  startProcess,
  stopProcesses,
  tailOf,
  waitUntil,
  type ProcessRecord,
} from './processes.ts'

// Identities come from /proc.
describe.runIf(process.platform === 'linux')('a process of the lab', () => {
  let dir: string
  const started: ProcessRecord[] = []
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-process-'))
  })
  afterEach(async () => {
    await stopProcesses(started.splice(0), 0)
    await rm(dir, { recursive: true })
  })

  async function start(script: string): Promise<ProcessRecord> {
    const spec = { part: 'test', program: process.execPath, args: ['-e', script], cwd: dir, log: join(dir, 'test.log') }
    const record = await startProcess(spec)
    started.push(record)
    return record
  }
  const says = (text: string) => async (): Promise<boolean> => tailOf(join(dir, 'test.log')).includes(text)

  it('runs with an environment of its own, and writes to its log', async () => {
    const record = await start('console.log(Object.keys(process.env).sort().join()); setInterval(() => {}, 1000)')
    await waitUntil('its word', says('HOME,PATH'), { process: record })
    expect(isRunning(record)).toBe(true)
    expect(record.identity).toBe(identityOf(record.pid))
  })

  it('is ended, by force when it does not listen', async () => {
    const record = await start(
      'process.on("SIGTERM", () => console.log("no")); console.log("up"); setInterval(() => {}, 1000)',
    )
    await waitUntil('it to be up', says('up'), { process: record })
    await stopProcesses([record], 100)
    expect(isRunning(record)).toBe(false)
    expect(await readFile(record.log, 'utf8')).toBe('up\nno\n')
  })

  it('is left alone when it is a stranger with the same pid', async () => {
    const record = await start('setInterval(() => {}, 1000)')
    await stopProcesses([{ ...record, identity: 'another boot/1' }], 0)
    expect(isRunning(record)).toBe(true)
  })

  it('is not waited for when it has ended, and its last words are told', async () => {
    const record = await start('console.log("the port is taken"); process.exitCode = 1')
    const waiting = waitUntil('test to be ready', async () => false, { process: record })
    await expect(waiting).rejects.toThrow(/test to be ready: test ended; .*test\.log says\nthe port is taken/)
  })

  it('is waited for no longer than it may take', async () => {
    await expect(waitUntil('nothing', async () => false, { timeoutMs: 0 })).rejects.toThrow(ProcessError)
  })

  it('is an error when there is no such program', async () => {
    const spec = { part: 'test', program: join(dir, 'none'), args: [], cwd: dir, log: join(dir, 'test.log') }
    await expect(startProcess(spec)).rejects.toThrow('cannot start test')
  })
})
