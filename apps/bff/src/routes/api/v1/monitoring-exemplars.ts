import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, MonitoringExemplars, MonitoringPanelParams, MonitoringQuery } from '@meshdeck/contract'
import { ProblemError } from '../../../lib/problem.ts'
import { toPanelExemplars } from '../../../lib/views/panel-exemplars.ts'
import { namespacesOf } from '../../../lib/views/panels.ts'
import { askSources } from './mesh-metrics.ts'
import { clustersOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'
import { namespacesShowing } from './metrics-rights.ts'
import { scopeOf, sectionOf, targetsOf, unseen } from './monitoring-scope.ts'

/** Single traced requests behind the lines of one panel, for those who may see the panel. */
export const monitoringExemplarRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/monitoring/:dashboard/:section/:panel/exemplars`,
    { schema: { params: MonitoringPanelParams, querystring: MonitoringQuery, response: { 200: MonitoringExemplars } } },
    async (request) => {
      const { params, query } = request
      const { dashboard, panels } = sectionOf(params)
      const panel = panels.find(({ id }) => id === params.panel)
      const exemplars = panel?.exemplars
      if (panel === undefined || exemplars === undefined)
        throw new ProblemError('not-found', `There is no panel ${params.panel} with exemplars in ${params.section}`)
      const { mesh, range, wanted, reach, variables } = await scopeOf(request, params.mesh, dashboard, query)
      const { answers, failures } = await askSources(request, clustersOf(mesh), (source) =>
        Promise.all(
          targetsOf(source, reach, [panel]).map(async ({ cluster, clusters, bounds }) => ({
            cluster,
            clusters,
            exemplars: await source.client.exemplars(exemplars.promql({ ...variables, ...bounds }), range),
          })),
        ),
      )
      const told = answers.flatMap(({ answer }) => answer)
      const mine = failures.filter(({ cluster }) => reach.has(cluster))
      const [failure] = mine
      if (told.length === 0 && failure !== undefined) throw ProblemError.from(failure.problem)
      const visible = await namespacesShowing(
        request,
        [...new Set(told.flatMap(({ clusters }) => clusters))],
        told.flatMap((part) => part.exemplars.flatMap(({ metric }) => namespacesOf(metric))),
      )
      return {
        from: range.from,
        to: range.to,
        ...toPanelExemplars(exemplars, told, { reporter: variables.reporter, range, visible }),
        failures: onePerCluster([...mine, ...unseen(wanted, reach)]),
      }
    },
  )
}
