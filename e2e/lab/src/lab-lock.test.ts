import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabLockError, withLock } from './lab-lock.ts'
import { identityOf } from './processes.ts'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lab-lock-'))
  path = join(dir, 'lock.json')
})
afterEach(() => rm(dir, { recursive: true }))

describe('the lock of a lab', () => {
  it('lets one command work at a time, and is gone after it', async () => {
    const answer = await withLock(path, async () => {
      await expect(withLock(path, async () => 'second')).rejects.toThrow(`(process ${process.pid}) is at work`)
      return 'first'
    })
    expect([answer, await readdir(dir)]).toEqual(['first', []])
  })

  it('is freed when the work fails', async () => {
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await withLock(path, async () => 'next')).toBe('next')
  })

  it.each([
    ['of a process that is gone', () => JSON.stringify({ pid: 2 ** 22 + 1, identity: 'boot/1' })],
    ['of a process whose pid somebody else has now', () => JSON.stringify({ pid: process.pid, identity: 'boot/1' })],
    ['that was cut off while it was written', () => '{"pid": 12'],
  ])('is taken over from a holder %s', async (_, text) => {
    await writeFile(path, text())
    expect(await withLock(path, async () => 'mine')).toBe('mine')
  })

  it('is not taken from a process that lives', async () => {
    await writeFile(path, JSON.stringify({ pid: process.ppid, identity: identityOf(process.ppid) }))
    await expect(withLock(path, async () => 'mine')).rejects.toBeInstanceOf(LabLockError)
    expect(await readdir(dir)).toEqual(['lock.json'])
  })
})
