import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { matchesAll } from '../promql/matching.ts'
import type { Labels, Matcher, Samples, Series } from '../promql/series-source.ts'
import type { ClusterApi, Clock, ObjectChange } from '../store/cluster-api.ts'
import { volumeAt } from './volume.ts'

/** What Istio runs: its proxy, and istiod's own container. Applications are not measured. */
const MEASURED: ReadonlySet<string> = new Set(['istio-proxy', 'discovery'])
const CPU_SECONDS = 'container_cpu_usage_seconds_total'
const WORKING_SET = 'container_memory_working_set_bytes'
const DISK = 'container_fs_usage_bytes'
const MEBIBYTE = 2 ** 20
/** A gauge follows the load of the minute before. */
const LOAD_SECONDS = 60
/** No container gets further than this share of its memory limit: it would have been killed. */
const MOST_OF_LIMIT = 0.97
/** Of pods that are gone, so many are remembered. */
const ENDED_KEPT = 5_000

export const CONTAINER_METADATA = {
  [CPU_SECONDS]: { type: 'counter', help: 'CPU time that a container used', unit: '' },
  [WORKING_SET]: { type: 'gauge', help: 'memory that a container cannot do without', unit: '' },
  [DISK]: { type: 'gauge', help: 'what a container has written to its own file system', unit: '' },
} as const

/** A container that ran. Times in milliseconds since the epoch. */
export interface Run {
  readonly pod: string
  readonly namespace: string
  readonly node: string
  readonly container: string
  readonly image: string
  readonly from: number
  until: number
  /** CPU seconds a second at a load of one. */
  readonly cores: number
  readonly bytes: number
  /** CPU and memory that it may take at most. */
  readonly most: { readonly cores: number; readonly bytes: number }
}

export interface ContainerUsageOptions {
  readonly api: ClusterApi
  readonly clock: Clock
  /** Pods that are there already have run since then, in milliseconds since the epoch. */
  readonly since: number
  readonly scraped: (fromMs: number, toMs: number, valueAt: (time: number) => number) => Samples
}

/**
 * CPU and memory of Istio's containers in one cluster, as the kubelet's cAdvisor tells Prometheus. Nothing is kept but
 * who ran from when to when: a value is made from the moment that is asked for, and what a container takes at a load of
 * one from its name, so that it is the same for whoever asks.
 */
export class ContainerUsage {
  readonly #options: ContainerUsageOptions
  readonly #running = new Map<string, Run>()
  readonly #ended: Run[] = []
  readonly #stop: () => void

  constructor(options: ContainerUsageOptions) {
    this.#options = options
    for (const pod of options.api.list('pods')) this.#look(pod, options.since)
    this.#stop = options.api.watch('pods', (change) => this.#changed(change))
  }

  stop(): void {
    this.#stop()
  }

  select(matchers: readonly Matcher[], fromMs: number, toMs: number): readonly Series[] {
    const ofName = matchers.filter(({ name }) => name === '__name__')
    const rest = matchers.filter(({ name }) => name !== '__name__')
    const metrics = Object.entries(METRICS).filter(([name]) => matchesAll({ __name__: name }, ofName))
    if (metrics.length === 0) return []
    const found: Series[] = []
    const now = this.#options.clock.now()
    for (const run of this.runs(fromMs, toMs)) {
      const labels = labelsOf(run)
      if (!matchesAll(labels, rest)) continue
      const last = Math.min(now, run.until)
      for (const [name, valueOf] of metrics) {
        found.push({
          labels: name === CPU_SECONDS ? { __name__: name, ...labels, cpu: 'total' } : { __name__: name, ...labels },
          samples: (start, end) =>
            this.#options.scraped(Math.max(start, run.from), Math.min(end, last), (time) => valueOf(run, time)),
        })
      }
    }
    return found
  }

  /** The containers that ran in an interval, both ends included. */
  *runs(fromMs: number, toMs: number): Iterable<Run> {
    for (const runs of [this.#running.values(), this.#ended])
      for (const run of runs) if (run.from <= toMs && run.until >= fromMs) yield run
  }

  #changed({ type, object }: ObjectChange): void {
    if (type === 'DELETED') this.#end(object)
    else this.#look(object, this.#options.clock.now())
  }

  #look(pod: KubeObject, from: number): void {
    for (const status of [
      ...listAt(pod, 'status', 'containerStatuses'),
      ...listAt(pod, 'status', 'initContainerStatuses'),
    ]) {
      const name = textAt(status, 'name') ?? ''
      if (!MEASURED.has(name) || !isRecord(recordAt(status, 'state')['running'])) continue
      const key = keyOf(pod, name)
      if (!this.#running.has(key)) this.#running.set(key, runOf(pod, name, from))
    }
  }

  #end(pod: KubeObject): void {
    for (const name of MEASURED) {
      const key = keyOf(pod, name)
      const run = this.#running.get(key)
      if (run === undefined) continue
      run.until = this.#options.clock.now()
      this.#running.delete(key)
      this.#ended.push(run)
    }
    if (this.#ended.length > ENDED_KEPT) this.#ended.splice(0, this.#ended.length - ENDED_KEPT)
  }
}

const keyOf = ({ metadata }: KubeObject, container: string): string =>
  `${metadata.namespace ?? ''}/${metadata.name}/${container}`

function runOf(pod: KubeObject, name: string, from: number): Run {
  const container = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].find(
    (each) => textAt(each, 'name') === name,
  )
  const limits = recordAt(container, 'resources', 'limits')
  const key = keyOf(pod, name)
  // Most take little, a few take much.
  const [busy, large] = [shareOf(`${key} cpu`) ** 3, shareOf(`${key} memory`) ** 4]
  const isProxy = name === 'istio-proxy'
  return {
    pod: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    node: textAt(pod, 'spec', 'nodeName') ?? '',
    container: name,
    image: textAt(container, 'image') ?? '',
    from,
    until: Infinity,
    cores: isProxy ? 0.004 + 0.12 * busy : 0.03 + 0.1 * busy,
    bytes: (isProxy ? 44 + 180 * large : 140 + 120 * large) * MEBIBYTE,
    most: {
      cores: amountOf(limits['cpu']) ?? Infinity,
      bytes: (amountOf(limits['memory']) ?? Infinity) * MOST_OF_LIMIT,
    },
  }
}

function labelsOf({ pod, namespace, node, container, image }: Run): Labels {
  return {
    container,
    image,
    instance: `${node}:10250`,
    job: 'kubelet',
    metrics_path: '/metrics/cadvisor',
    namespace,
    node,
    pod,
  }
}

/** CPU seconds since a container began. */
export function cpuSeconds({ from, cores, most }: Run, timeMs: number): number {
  return (volumeAt(timeMs / 1_000) - volumeAt(from / 1_000)) * Math.min(cores, most.cores)
}

/** Bytes that it holds. */
export function workingSet({ bytes, most }: Run, timeMs: number): number {
  const seconds = timeMs / 1_000
  const load = (volumeAt(seconds) - volumeAt(seconds - LOAD_SECONDS)) / LOAD_SECONDS
  return Math.floor(Math.min(bytes * (0.8 + 0.2 * load), most.bytes))
}

function written({ bytes, from }: Run, timeMs: number): number {
  return Math.floor(bytes / 64 + ((timeMs - from) / 1_000) * 2)
}

const METRICS: Readonly<Record<string, (run: Run, timeMs: number) => number>> = {
  [CPU_SECONDS]: cpuSeconds,
  [WORKING_SET]: workingSet,
  [DISK]: written,
}

/** From 0 to 1, the same for the same text (FNV-1a, mixed once more). */
function shareOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
}

/** Of a Kubernetes quantity, in cores or bytes; nothing for what is none. */
function amountOf(quantity: unknown): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([mkMG]|[KMG]i)?$/.exec(String(quantity)) ?? []
  return number === undefined ? undefined : Number(number) * (UNITS[unit] ?? 1)
}
