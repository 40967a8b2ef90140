import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { cacheDir } from './programs.ts'
import type { Progress } from './progress.ts'
import { runCommand } from './run-command.ts'

export interface PrometheusPrograms {
  readonly prometheus: string
  readonly promtool: string
}

/** There is no Prometheus on this machine and none could be had. */
export class PrometheusPackageError extends Error {
  override name = 'PrometheusPackageError'
}

/**
 * Finds Prometheus on PATH, or takes Debian's package apart in the cache. It is not installed: that
 * would start a service on the machine, and needs root, while unpacking needs neither.
 */
export async function ensurePrometheus(progress: Progress): Promise<PrometheusPrograms> {
  const installed = await findOnPath()
  if (installed !== undefined) return installed
  const unpacked = join(cacheDir(), 'prometheus')
  const programs = programsIn(join(unpacked, 'usr/bin'))
  if (await isExecutable(programs.prometheus)) return programs

  progress.say("unpacking Debian's package prometheus into the cache (nothing is installed)")
  await mkdir(cacheDir(), { recursive: true })
  const draft = await mkdtemp(join(cacheDir(), 'unpacking-'))
  try {
    await download(draft, progress)
    const file = (await readdir(draft)).find((name) => name.endsWith('.deb'))
    if (file === undefined) throw new PrometheusPackageError('apt-get download left no package')
    await runCommand('dpkg-deb', ['-x', join(draft, file), join(draft, 'files')])
    await rm(unpacked, { recursive: true, force: true })
    await rename(join(draft, 'files'), unpacked)
  } catch (cause) {
    throw new PrometheusPackageError(
      'Prometheus is missing and could not be fetched. On Debian run `apt-get update` as root and try again;\n' +
        'elsewhere put `prometheus` and `promtool` on PATH.\n' +
        `What was tried: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return programs
}

async function download(into: string, progress: Progress): Promise<void> {
  const attempt = (): Promise<string> => runCommand('apt-get', ['download', 'prometheus'], { cwd: into })
  try {
    await attempt()
  } catch (cause) {
    if (process.getuid?.() !== 0) throw cause
    progress.say("apt's lists are missing or old; running apt-get update")
    await runCommand('apt-get', ['update'])
    await attempt()
  }
}

async function findOnPath(): Promise<PrometheusPrograms | undefined> {
  for (const dir of (process.env['PATH'] ?? '').split(delimiter)) {
    const programs = programsIn(dir)
    if ((await isExecutable(programs.prometheus)) && (await isExecutable(programs.promtool))) return programs
  }
  return undefined
}

function programsIn(dir: string): PrometheusPrograms {
  return { prometheus: join(dir, 'prometheus'), promtool: join(dir, 'promtool') }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
