import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createProgress, ensurePrometheus } from '@meshdeck/lab'

const READY_MS = 30_000

export interface RealPrometheus extends AsyncDisposable {
  url: string
  /** Runs promtool with files of these names and contents beside it; resolves to what it printed. Rejects when it fails. */
  promtool(args: readonly string[], files: Readonly<Record<string, string>>): Promise<string>
}

export interface RealPrometheusOptions {
  /** OpenMetrics with timestamps; backfilled. */
  series: string
  /** Rules, in YAML, by which the series are recorded backwards over that time (unix seconds). */
  record?: { rules: string; from: number; to: number }
  /** `prometheus.yml`; nothing is scraped without. */
  config?: string
  flags?: readonly string[]
}

/** A process of Debian's Prometheus over series that were written beforehand; for tests. */
export async function startPrometheus(options: RealPrometheusOptions): Promise<RealPrometheus> {
  const programs = await ensurePrometheus(createProgress(() => undefined))
  const directory = await mkdtemp(join(tmpdir(), 'meshdeck-prometheus-'))
  const inside = (name: string): string => join(directory, name)
  const promtool: RealPrometheus['promtool'] = async (args, files) => {
    for (const [name, text] of Object.entries(files)) await writeFile(inside(name), text)
    const { stdout, stderr } = await promisify(execFile)(programs.promtool, [...args], { cwd: directory })
    return `${stdout}${stderr}`
  }
  await writeFile(inside('prometheus.yml'), options.config ?? '')
  await promtool(['tsdb', 'create-blocks-from', 'openmetrics', 'series', 'data'], { series: options.series })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child = await start()

  async function start() {
    const started = spawn(
      programs.prometheus,
      [
        '--config.file=prometheus.yml',
        '--storage.tsdb.path=data',
        '--storage.tsdb.retention.time=10y',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
        ...(options.flags ?? []),
      ],
      { cwd: directory, stdio: 'ignore' },
    )
    const end = performance.now() + READY_MS
    while (
      !(await fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (performance.now() > end) throw new Error(`Prometheus is not ready after ${READY_MS / 1000} s`)
      await sleep(100)
    }
    return started
  }
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      child.on('exit', () => resolve())
      child.kill('SIGTERM')
    })

  if (options.record !== undefined) {
    const { rules, from, to } = options.record
    const range = [`--start=${from}`, `--end=${to}`, '--output-dir=data', '--eval-interval=30s', `--url=${url}`]
    await promtool(['tsdb', 'create-blocks-from', 'rules', ...range, 'rules.yml'], { 'rules.yml': rules })
    // Blocks that were laid there are found when it starts.
    await stop()
    child = await start()
  }
  return {
    url,
    promtool,
    async [Symbol.asyncDispose]() {
      await stop()
      await rm(directory, { recursive: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** OpenMetrics of counters, each as a function of the time (unix seconds), sampled from `from` to `to`. */
export function openMetrics(
  counters: readonly { series: string; value: (at: number) => number }[],
  { from, to, step }: { from: number; to: number; step: number },
): string {
  const lines: string[] = []
  const families = Map.groupBy(counters, ({ series }) => familyOf(series))
  for (const [family, members] of families) {
    lines.push(`# TYPE ${family} ${members[0]?.series.includes('_bucket{') === true ? 'histogram' : 'counter'}`)
    for (const { series, value } of members)
      for (let at = from; at <= to; at += step) lines.push(`${series} ${value(at)} ${at}`)
  }
  return [...lines, '# EOF', ''].join('\n')
}

const familyOf = (series: string): string => series.replace(/\{.*/s, '').replace(/_(total|bucket|sum|count)$/, '')
