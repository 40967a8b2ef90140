import { link, rm, writeFile } from 'node:fs/promises'
import { identityOf, isRunning, readIfPresent } from './processes.ts'

/** Another process is changing this lab. */
export class LabLockError extends Error {
  override name = 'LabLockError'
}

/** Runs an action while nobody else may start or stop parts of this lab. */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  await take(path)
  try {
    return await action()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<void> {
  // Linked into place when it is whole: nobody ever reads half of it.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) }))
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        return await link(draft, path)
      } catch (cause) {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
        const { pid, identity } = await readHolder(path)
        if (pid !== undefined && identity !== undefined && isRunning({ pid, identity })) {
          throw new LabLockError(`another lab command (process ${pid}) is at work on this lab; wait for it to end`, {
            cause,
          })
        }
        // Whoever held it is dead.
        await rm(path, { force: true })
      }
    }
  } finally {
    await rm(draft, { force: true })
  }
  throw new LabLockError('another lab command took the lock at the same moment; try again')
}

async function readHolder(path: string): Promise<{ pid?: number; identity?: string }> {
  try {
    return JSON.parse((await readIfPresent(path)) ?? '{}') as { pid?: number; identity?: string }
  } catch {
    // The machine went down while it was written.
    return {}
  }
}
