import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { QueryOverview, queryPaths, type QueryServer } from '@meshdeck/contract'
import { kindOf } from '@meshdeck/kube'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { LIMIT_SETTINGS, type QueryLimits } from '../../../lib/prometheus/governor/query-limits.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import { pick } from '../../../lib/views/clusters.ts'
import type { PrometheusServer } from '../../../plugins/metrics-sources.ts'
import { fullyVisible } from './mesh-traffic.ts'

/**
 * What Meshdeck asks of each Prometheus. Shapes of queries tell what is looked at, so that a server is shown to those who may
 * see all clusters of it, as in Explore.
 */
export const queryRoutes: FastifyPluginAsyncTypebox<{ limits: QueryLimits }> = async (app, { limits }) => {
  app.get(queryPaths.load, { schema: { response: { 200: QueryOverview } } }, async (request) => {
    const servers = await app.prometheusServers()
    const visible = new Set(await fullyVisible(request, [...new Set(servers.flatMap(({ clusters }) => clusters))]))
    const shown = servers.filter(({ clusters }) => clusters.every((cluster) => visible.has(cluster)))
    const [first] = servers
    if (shown.length === 0 && first !== undefined)
      throw ProblemError.from(forbiddenProblem(kindOf('Service'), first.clusters[0] ?? ''))
    return {
      limits: LIMIT_SETTINGS.map(({ flag, limit, unit }) => {
        const value = limits[limit]
        return { flag, ...pick({ value: value === undefined ? undefined : value / unit }) }
      }),
      servers: await Promise.all(shown.map((server) => toView(request, server))),
      hidden: servers.length - shown.length,
    }
  })
}

async function toView(
  request: FastifyRequest,
  { clusters, prometheus, error }: PrometheusServer,
): Promise<QueryServer> {
  if (prometheus === undefined) return { clusters: [...clusters], problem: request.problemOf(error, clusters[0]) }
  const { id, address, governor } = prometheus
  const { make, version, counts, skewSeconds } = await governor.facts()
  return {
    clusters: [...clusters],
    id,
    address,
    make,
    ...pick({ version, series: counts?.all, skewSeconds }),
    load: governor.report(),
  }
}
