import type { ClusterFailure, MeshTraffic } from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import type { FastifyRequest } from 'fastify'
import { alignRange, goldenQueries, mergeGolden } from '../../../lib/prometheus/golden-queries.ts'
import { alignedNow } from '../../../lib/prometheus/prometheus-client.ts'
import { replicaLabels } from '../../../lib/prometheus/replica-labels.ts'
import { pick } from '../../../lib/views/clusters.ts'
import { askSources } from './mesh-metrics.ts'
import { clustersOf } from './mesh-scope.ts'

const SPARKLINE_SECONDS = 1800
const SPARKLINE_STEP_SECONDS = 60
const WINDOW_SECONDS = 120

/** A mesh's rates now and in the last half hour. Absent for those who may not see services everywhere in it. */
export async function meshTraffic(
  request: FastifyRequest,
  mesh: Mesh,
): Promise<{ traffic?: MeshTraffic; failures: ClusterFailure[] }> {
  const clusters = await fullyVisible(request, clustersOf(mesh))
  if (clusters.length === 0) return { failures: [] }
  const now = alignedNow(SPARKLINE_STEP_SECONDS)
  const range = alignRange({ from: now - SPARKLINE_SECONDS, to: now, step: SPARKLINE_STEP_SECONDS })
  const { answers, failures } = await askSources(request, clusters, async ({ client }) => {
    const queries = goldenQueries({ kind: 'mesh' }, WINDOW_SECONDS, await replicaLabels(client, range.to))
    const [requests, failed] = await Promise.all([
      client.queryRange(queries.requests, range),
      client.queryRange(queries.failures, range),
    ])
    return {
      requests: requests.series[0]?.points ?? [],
      failures: failed.series[0]?.points ?? [],
      p50: [],
      p90: [],
      p99: [],
    }
  })
  if (answers.length === 0) return { failures }
  const { requestRate, errorRate } = mergeGolden(answers.map(({ answer }) => answer))
  const last = requestRate.at(-1)
  const lastError = errorRate.findLast(([time]) => time === last?.[0])?.[1]
  return {
    traffic: { requestRate: last?.[1] ?? 0, ...pick({ errorRate: lastError }), sparkline: requestRate },
    failures,
  }
}

/** The clusters whose services the caller may list without bounds. One that cannot say is left out. */
export async function fullyVisible(request: FastifyRequest, clusters: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    clusters.map((cluster) =>
      request
        .rights(cluster)
        .mayList('Service')
        .catch(() => false),
    ),
  )
  return clusters.filter((_cluster, index) => answers[index])
}
