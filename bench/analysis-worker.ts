/** One analysis from nothing, in a worker: posts its `WorkerFigures` and ends. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import { createAnalyzer } from '@meshdeck/mesh'
import { inputOf, makeObjects, route } from './analysis-objects.ts'
import type { WorkerFigures } from './analysis.ts'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

function heap(): number {
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed / 1e6
}

function timed(work: () => unknown): number {
  const began = performance.now()
  work()
  return performance.now() - began
}

const objects = makeObjects()
const before = heap()
const analyzer = createAnalyzer()
const cold = timed(() => analyzer.analyze(inputOf(objects)))
const rules = objects.get('VirtualService') ?? []
const changed = new Map(objects).set('VirtualService', [...rules.slice(1), route(0, 'v2')])
const warm = timed(() => analyzer.analyze(inputOf(changed)))
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of Node, which knows no origins
parentPort?.postMessage({ cold, warm, heap: [before, heap()] } satisfies WorkerFigures)
