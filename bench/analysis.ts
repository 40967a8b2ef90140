import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { KindId, KubeResource } from '@meshdeck/kube'
import { labState } from '@meshdeck/lab'
import { createAnalyzer } from '@meshdeck/mesh'
import { inputOf, makeObjects, PODS_EACH, route, ROUTED, SERVICES } from './analysis-objects.ts'
import type { Figure, Measurement } from './measurement.ts'
import { summarize } from './statistics.ts'

const RUNS = 7
/** It takes long, and the same each time. */
const RUNS_OF_ISTIOCTL = 3
const LOOK_MS = 50

/** The analysis of a mesh with 5,000 services, 20,000 pods, and 1,000 each of virtual services and destination rules. */
export const analysis: Measurement = {
  name: 'analysis',
  what: `All rules over ${SERVICES} services, ${SERVICES * PODS_EACH} pods and ${2 * ROUTED} rules: cold, after one change, the preview of a change, and istioctl analyze beside it`,
  async run() {
    const objects = makeObjects()
    const cold: number[] = []
    const warm: number[] = []
    const pods: number[] = []
    const preview: number[] = []
    let found = 0
    for (let run = 0; run < RUNS; run++) {
      const analyzer = createAnalyzer()
      cold.push(timed(() => (found = analyzer.analyze(inputOf(objects)).length)))
      const rules = objects.get('VirtualService') ?? []
      const changed = new Map(objects).set('VirtualService', [...rules.slice(1), route(0, 'v2')])
      warm.push(timed(() => analyzer.analyze(inputOf(changed))))
      preview.push(
        timed(() =>
          analyzer.preview([{ kind: 'VirtualService', namespace: 'ns-1', name: 'svc-1', object: route(1, 'nowhere') }]),
        ),
      )
      pods.push(timed(() => analyzer.analyze(inputOf(new Map(changed).set('Pod', [...(objects.get('Pod') ?? [])])))))
    }
    const rows: [string, number[], number | undefined][] = [
      ['cold', cold, 3_000],
      ['after one rule has changed', warm, 50],
      ['preview of one rule', preview, 50],
      ['after one pod has changed', pods, undefined],
    ]
    return [
      ...rows.map(([what, times, aim]) => {
        const { median, min, max } = summarize(times)
        return {
          what,
          value: median,
          unit: 'ms' as const,
          range: [min, max] as [number, number],
          ...(aim === undefined ? {} : { aim }),
        }
      }),
      { what: 'findings', value: found, unit: '' as const },
      ...(await inWorkers()),
      ...(await byIstioctl(objects, summarize(cold).median)),
    ]
  },
}

function timed(work: () => unknown): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

/** What a worker that holds a mesh says of its analysis. */
export interface WorkerFigures {
  cold: number
  warm: number
  /** The heap in use before the analysis and after it, with all that it keeps, in MB. */
  heap: readonly [number, number]
}

/** From nothing in a worker of its own, whose code has run for nobody yet. */
async function inWorkers(): Promise<Figure[]> {
  const all: WorkerFigures[] = []
  for (let run = 0; run < RUNS; run++) all.push(await inWorker())
  const timed = (what: string, values: readonly number[], aim: number): Figure => {
    const { median, min, max } = summarize(values)
    return { what, value: median, unit: 'ms', range: [min, max], aim }
  }
  const heap = (at: 0 | 1): number => summarize(all.map((each) => each.heap[at])).median
  return [
    timed(
      'in a new worker: cold',
      all.map(({ cold }) => cold),
      3_000,
    ),
    timed(
      'in a new worker: after one rule has changed',
      all.map(({ warm }) => warm),
      50,
    ),
    { what: 'in a new worker: heap with the objects', value: heap(0), unit: 'MB' },
    { what: 'in a new worker: heap with the analysis, too', value: heap(1), unit: 'MB' },
  ]
}

function inWorker(): Promise<WorkerFigures> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('analysis-worker.ts', import.meta.url))
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

/** The lab's istioctl on the same objects, from files and without a cluster. Nothing where there is no lab. */
async function byIstioctl(objects: ReadonlyMap<KindId, readonly KubeResource[]>, ours: number): Promise<Figure[]> {
  const istioctl = await labState().then(
    ({ bin }) => bin.istioctl,
    () => undefined,
  )
  if (istioctl === undefined) return []
  const directory = await mkdtemp(join(tmpdir(), 'meshdeck-analysis-'))
  try {
    const file = join(directory, 'mesh.yaml')
    await writeFile(
      file,
      [...objects.values()]
        .flat()
        .map((object) => JSON.stringify(object))
        .join('\n---\n'),
    )
    const runs: { time: number; megabytes: number }[] = []
    for (let run = 0; run < RUNS_OF_ISTIOCTL; run++)
      runs.push(await watched(istioctl, ['analyze', '--use-kube=false', '--failure-threshold=Error', file]))
    const { median, min, max } = summarize(runs.map(({ time }) => time))
    return [
      { what: 'istioctl analyze, which also reads the file', value: median, unit: 'ms', range: [min, max] },
      { what: 'istioctl analyze against ours, cold', value: median / ours, unit: '×' },
      {
        what: 'istioctl analyze: most memory',
        value: summarize(runs.map(({ megabytes }) => megabytes)).median,
        unit: 'MB',
      },
    ]
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Runs a program to its end, and looks at its memory on the way. */
async function watched(program: string, args: readonly string[]): Promise<{ time: number; megabytes: number }> {
  const began = performance.now()
  const child = spawn(program, args, { stdio: 'ignore' })
  let kilobytes = 0
  const timer = setInterval(() => {
    // The kernel keeps the most that there has been.
    void readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').then(
      (status) => {
        kilobytes = Math.max(kilobytes, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0))
      },
      () => undefined,
    )
  }, LOOK_MS)
  await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve(code) : reject(new Error(`${program} exited with ${code}`))))
  }).finally(() => clearInterval(timer))
  return { time: performance.now() - began, megabytes: (kilobytes * 1024) / 1e6 }
}
