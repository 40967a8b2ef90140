import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that the lab started. */
export interface ProcessRecord {
  /** The part it plays, such as `kube-apiserver`. */
  readonly part: string
  /** The cluster it belongs to; none for what all clusters share. */
  readonly cluster?: string
  readonly pid: number
  /** Boot and start time: a process with this pid and another identity is a stranger. */
  readonly identity: string
  readonly log: string
}

export interface ProcessSpec {
  readonly part: string
  readonly cluster?: string
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd: string
  readonly log: string
}

/** A part of the lab could not be started, or ended early. */
export class ProcessError extends Error {
  override name = 'ProcessError'
}

/**
 * Starts a process that outlives this one, in a process group of its own. Its environment is only
 * what the spec says: the lab must not depend on who started it.
 */
export async function startProcess(spec: ProcessSpec): Promise<ProcessRecord> {
  mkdirSync(dirname(spec.log), { recursive: true })
  const log = openSync(spec.log, 'a', 0o600)
  try {
    const child = spawn(spec.program, spec.args, {
      cwd: spec.cwd,
      env: { PATH: process.env['PATH'], HOME: spec.cwd, ...spec.env },
      detached: true,
      stdio: ['ignore', log, log],
    })
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject))
    child.unref()
    const pid = child.pid ?? -1
    const identity = identityOf(pid)
    if (identity === undefined) throw new Error('it ended at once')
    const { part, cluster } = spec
    return { part, ...(cluster === undefined ? {} : { cluster }), pid, identity, log: spec.log }
  } catch (cause) {
    throw new ProcessError(`cannot start ${spec.part}: ${String(cause)}\n${tailOf(spec.log)}`, { cause })
  } finally {
    closeSync(log)
  }
}

/** Whether this very process still runs. */
export function isRunning(record: Pick<ProcessRecord, 'pid' | 'identity'>): boolean {
  return identityOf(record.pid) === record.identity
}

/** Ends processes, all at once: asks first, forces after the grace time. Strangers are left alone. */
export async function stopProcesses(records: readonly ProcessRecord[], graceMs = 5_000): Promise<void> {
  const signalAll = (name: NodeJS.Signals): ProcessRecord[] => {
    const running = records.filter(isRunning)
    for (const { pid } of running) signalGroup(pid, name)
    return running
  }
  signalAll('SIGTERM')
  const deadline = Date.now() + graceMs
  while (records.some(isRunning) && Date.now() < deadline) await sleep(50)
  signalAll('SIGKILL')
  const lastDeadline = Date.now() + 10_000
  while (records.some(isRunning)) {
    if (Date.now() > lastDeadline) {
      const left = records.filter(isRunning).map(({ part, pid }) => `${part} (${pid})`)
      throw new ProcessError(`these processes do not end: ${left.join(', ')}`)
    }
    await sleep(50)
  }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch (cause) {
    // It ended between the look and the signal, which is what was wanted.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause
  }
}

/** Identity of a live process; none when there is no such process, or only its remains. */
export function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold anything, so count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTime] = [fields[0], fields[19]]
    if (state === 'Z' || startTime === undefined) return undefined
    return `${bootId()}/${startTime}`
  } catch {
    return undefined
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** The last lines of a log, for an error message. */
export function tailOf(log: string, lines = 15): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } catch {
    return ''
  }
}

/** Waits until a check holds; throws when the process ends before, or the time is over. */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean>,
  options: { readonly process?: ProcessRecord; readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? 60_000)
  for (;;) {
    options.signal?.throwIfAborted()
    if (await check()) return
    const watched = options.process
    if (watched !== undefined && !isRunning(watched)) {
      throw new ProcessError(`${what}: ${watched.part} ended; ${watched.log} says\n${tailOf(watched.log)}`)
    }
    if (Date.now() > deadline) {
      const log = watched === undefined ? '' : `; ${watched.log} says\n${tailOf(watched.log)}`
      throw new ProcessError(`${what}: not within ${(options.timeoutMs ?? 60_000) / 1000} s${log}`)
    }
    await sleep(100)
  }
}

/** The text of a file, or nothing when there is no such file. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}
