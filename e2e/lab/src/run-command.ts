import { spawn } from 'node:child_process'

/** A program that the lab called did not do what it was asked. */
export class CommandError extends Error {
  override name = 'CommandError'
}

export interface CommandOptions {
  readonly input?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Gets each line of the standard error as it comes. */
  readonly onErrorLine?: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/** Runs a program to its end and returns its standard output; throws with its standard error. */
export function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    signal: options.signal,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let line = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
    const lines = (line + chunk).split('\n')
    line = lines.pop() ?? ''
    for (const whole of lines) options.onErrorLine?.(whole)
  })
  // The program may leave without reading all; its exit code says what that means.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  child.on('error', (cause) => reject(new CommandError(`${program}: ${cause.message}`, { cause })))
  child.on('close', (code, signal) => {
    if (code === 0) return resolve(stdout)
    const shown = [program.split('/').at(-1), ...args.slice(0, 4)].join(' ')
    reject(new CommandError(`${shown} ended with ${signal ?? code}:\n${stderr.trim()}`))
  })
  return promise
}
