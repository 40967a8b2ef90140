import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  ExploreAnswer,
  ExploreMetrics,
  ExploreNames,
  ExploreNamesQuery,
  ExploreQuery,
  MeshParams,
  type ClusterFailure,
} from '@meshdeck/contract'
import { kindOf } from '@meshdeck/kube'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import { pick } from '../../../lib/views/clusters.ts'
import { heaviest } from '../../../lib/views/panels.ts'
import type { MetricsSource } from '../../../plugins/metrics-sources.ts'
import { askedRange, invalidQuery } from './asked-range.ts'
import { askSources } from './mesh-metrics.ts'
import { clustersOf, meshOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'
import { fullyVisible } from './mesh-traffic.ts'

const MOST_SERIES = 100
const MOST_NAMES = 20_000

/**
 * Queries of the reader's own, and the names that help to write them. A query can reach all that a Prometheus holds, so
 * it is asked only where the caller may see every cluster of it.
 */
export const exploreRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/monitoring/-explore`,
    { schema: { params: MeshParams, querystring: ExploreQuery, response: { 200: ExploreAnswer } } },
    async (request) => {
      const { query, cluster } = request.query
      const range = askedRange(request.query)
      const { answers, failures } = await askWhole(request, request.params.mesh, cluster, ({ client }) =>
        client.queryRange(query, range),
      )
      const [failure] = failures
      if (answers.length === 0 && failure !== undefined) {
        const { code, detail = '' } = failure.problem
        // It is the reader's own text that was refused.
        if (code === 'prometheus-bad-query') throw invalidQuery('query', detail)
        throw ProblemError.from(failure.problem)
      }
      const series = answers.flatMap(({ source, answer }) =>
        answer.series.map(({ metric, points }) => ({
          labels: metric,
          ...pick({ cluster: answers.length > 1 ? source.clusters.join(', ') : undefined }),
          points,
        })),
      )
      return {
        ...range,
        series: heaviest(series, MOST_SERIES),
        total: series.length,
        warnings: [...new Set(answers.flatMap(({ answer }) => answer.warnings))],
        failures: onePerCluster(failures),
      }
    },
  )

  app.get(
    `${API_ROOT}/meshes/:mesh/monitoring/-explore/names`,
    { schema: { params: MeshParams, querystring: ExploreNamesQuery, response: { 200: ExploreNames } } },
    async (request) => {
      const { label, metric } = request.query
      const { answers } = await askWhole(request, request.params.mesh, undefined, ({ client }) =>
        client.names({ label, metric }),
      )
      const names = [...new Set(answers.flatMap(({ answer }) => answer))].toSorted()
      return { names: names.slice(0, MOST_NAMES), total: names.length }
    },
  )

  app.get(
    `${API_ROOT}/meshes/:mesh/monitoring/-explore/metrics`,
    { schema: { params: MeshParams, response: { 200: ExploreMetrics } } },
    async (request) => {
      const { answers } = await askWhole(request, request.params.mesh, undefined, ({ client }) => client.metadata())
      return { metrics: Object.fromEntries(answers.flatMap(({ answer }) => [...answer])) }
    },
  )
}

/** Asks every Prometheus of which the caller may see all clusters. Throws `ProblemError` (`forbidden`) when that is none. */
export async function askWhole<Result>(
  request: FastifyRequest,
  meshName: string,
  cluster: string | undefined,
  ask: (source: MetricsSource) => Promise<Result>,
): Promise<{ answers: { source: MetricsSource; answer: Result }[]; failures: ClusterFailure[] }> {
  const clusters = clustersOf(await meshOf(request, meshName), pick({ cluster }))
  const { sources } = await request.server.metricsSources(clusters)
  const held = new Set([...clusters, ...sources.flatMap(({ others }) => others)])
  const visible = new Set(await fullyVisible(request, [...held]))
  const hidden = clusters.filter(
    (name) =>
      !visible.has(name) ||
      sources.some((source) => source.clusters.includes(name) && !source.others.every((other) => visible.has(other))),
  )
  const [first] = hidden
  if (first !== undefined && hidden.length === clusters.length)
    throw ProblemError.from(forbiddenProblem(kindOf('Service'), first))
  const { answers, failures } = await askSources(
    request,
    clusters.filter((name) => !hidden.includes(name)),
    ask,
  )
  return {
    answers,
    failures: [
      ...failures,
      ...hidden.map((name) => ({ cluster: name, problem: forbiddenProblem(kindOf('Service'), name) })),
    ],
  }
}
