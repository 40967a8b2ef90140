import { PROXY_CONTAINER } from '@meshdeck/kube'
import type { Vector } from './prometheus-answer.ts'
import type { PrometheusClient } from './prometheus-client.ts'
import { maxBy, rate, rateWindow, selector, startingWith } from '@meshdeck/mesh/promql'

/** What a container uses. CPU in cores, memory in bytes. */
export interface Usage {
  cpu?: number
  memory?: number
}

const WINDOW_SECONDS = 120
/** Kubelets are scraped as seldom as this. */
const SLOW_SCRAPE_SECONDS = 60

/**
 * The two queries for the sidecars of a workload. Its pods have names that begin with its own. cAdvisor may be scraped by
 * two jobs, and a pod that was replaced leaves a series for some minutes, so the largest counts and not the sum.
 */
export function usageQueries(namespace: string, workload: string): { cpu: string; memory: string } {
  const matchers = { container: PROXY_CONTAINER, namespace, pod: startingWith(`${workload}-`) }
  const window = rateWindow(WINDOW_SECONDS, SLOW_SCRAPE_SECONDS)
  return {
    cpu: maxBy(LABELS, rate(selector('container_cpu_usage_seconds_total', matchers), window)),
    memory: maxBy(LABELS, selector('container_memory_working_set_bytes', matchers)),
  }
}

/** By pod, and by cluster where a Prometheus says whose the pod is. */
const LABELS = ['pod', 'cluster']

export interface UsageTarget {
  cluster: string
  namespace: string
  /** Of the workload. */
  name: string
  /** Whether the Prometheus holds metrics of other clusters too. */
  isShared: boolean
}

/** What the sidecars of a workload use, by pod. Throws PrometheusError. */
export async function fetchSidecarUsage(
  client: PrometheusClient,
  { cluster, namespace, name, isShared }: UsageTarget,
  at: number,
): Promise<ReadonlyMap<string, Usage>> {
  const queries = usageQueries(namespace, name)
  const [cpu, memory] = await Promise.all([client.query(queries.cpu, at), client.query(queries.memory, at)])
  const [cores = NONE, bytes = NONE] = [cpu, memory].map((vector) => byPod(vector, cluster, isShared))
  return new Map(
    [...new Set([...cores.keys(), ...bytes.keys()])].map((pod) => {
      const [used, held] = [cores.get(pod), bytes.get(pod)]
      return [pod, { ...(used === undefined ? {} : { cpu: used }), ...(held === undefined ? {} : { memory: held }) }]
    }),
  )
}

const NONE: ReadonlyMap<string, number> = new Map()

/** Pods of the same name in several clusters are told apart by the label `cluster`; where it does not, none is taken. */
function byPod({ samples }: Vector, cluster: string, isShared: boolean): ReadonlyMap<string, number> {
  const groups = Map.groupBy(samples, ({ metric }) => metric['pod'] ?? '')
  return new Map(
    [...groups].flatMap(([pod, group]) => {
      const named = group.find(({ metric }) => metric['cluster'] === cluster)
      const [only, ...others] = group
      // A Prometheus of one cluster may call it by another name.
      const isOurs = others.length === 0 && (!isShared || only?.metric['cluster'] === undefined)
      const own = named ?? (isOurs ? only : undefined)
      return own === undefined ? [] : [[pod, own.value] as const]
    }),
  )
}
