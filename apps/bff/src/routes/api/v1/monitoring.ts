import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  MeshParams,
  MonitoringChoices,
  MonitoringChoicesQuery,
  MonitoringParams,
  MonitoringQuery,
  MonitoringSection,
  type ClusterFailure,
  type MonitoringPanel,
} from '@meshdeck/contract'
import type { Mesh } from '@meshdeck/kube'
import type { Panel, Variables } from '@meshdeck/mesh/monitoring'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { fetchPanels, printedQueries, type PanelAnswer } from '../../../lib/prometheus/panel-answers.ts'
import { recordedRates } from '../../../lib/prometheus/recorded-rates.ts'
import { pick } from '../../../lib/views/clusters.ts'
import { namespacesOf, toPanelSeries, type PanelPart } from '../../../lib/views/panels.ts'
import { askSources } from './mesh-metrics.ts'
import { assertVisible, clustersOf, meshOf, snapshotsOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'
import { namespacesShowing } from './metrics-rights.ts'
import { scopeOf, sectionOf, targetsOf, unseen, type Target } from './monitoring-scope.ts'

/** The dashboards of a mesh, section by section, and what their variables may be. */
export const monitoringRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/monitoring/:dashboard/:section`,
    { schema: { params: MonitoringParams, querystring: MonitoringQuery, response: { 200: MonitoringSection } } },
    async (request) => {
      const { params, query } = request
      const { dashboard, panels } = sectionOf(params)
      const { mesh, range, wanted, reach, variables } = await scopeOf(request, params.mesh, dashboard, query)
      const { answers, failures } = await askSources(request, clustersOf(mesh), (source) =>
        Promise.all(
          targetsOf(source, reach, panels).map(async (target) => {
            const rates = recordedRates(source.client)
            const answers = await fetchPanels(rates.client, target.panels, { ...variables, ...target.bounds }, range)
            return { ...target, answers, recorded: rates.used() }
          }),
        ),
      )
      const told = answers.flatMap(({ answer }) => answer)
      const mine = failures.filter(({ cluster }) => reach.has(cluster))
      const [failure] = mine
      if (told.length === 0 && failure !== undefined) throw ProblemError.from(failure.problem)
      const visible = await namespacesShowing(
        request,
        [...new Set(told.flatMap(({ clusters }) => clusters))],
        told.flatMap(({ answers: each }) => each.flatMap(seenNamespaces)),
      )
      const within = [...reach.values()].flatMap((bound) => bound ?? [])
      return {
        ...range,
        window: variables.window,
        ...([...reach.values()].some((bound) => bound !== undefined) ? { within: [...new Set(within)] } : {}),
        recorded: told.some(({ recorded }) => recorded),
        panels: panels.map((panel) => toPanel(request, panel, told, variables, visible)),
        failures: onePerCluster([...mine, ...unseen(wanted, reach)]),
      }
    },
  )

  app.get(
    `${API_ROOT}/meshes/:mesh/monitoring/-choices`,
    { schema: { params: MeshParams, querystring: MonitoringChoicesQuery, response: { 200: MonitoringChoices } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const clusters = clustersOf(mesh)
      const { namespace } = request.query
      const read = await snapshotsOf(request, clusters, 'Service')
      assertVisible(read, 'Service', clusters)
      const names = (of: (snapshot: (typeof read.snapshots)[number]) => readonly { metadata: { name: string } }[]) =>
        [...new Set(read.snapshots.flatMap(of).map(({ metadata }) => metadata.name))].toSorted()
      const istiods = await Promise.all(clusters.map((cluster) => request.istiods(cluster).catch(() => [])))
      const whole = await Promise.all(
        clusters.map((cluster) =>
          request
            .rights(cluster)
            .mayList('Service')
            .catch(() => false),
        ),
      )
      return {
        clusters,
        namespaces: [
          ...new Set(
            read.snapshots.flatMap(({ services, workloads }) =>
              [...services, ...workloads].flatMap(({ metadata }) => metadata.namespace ?? []),
            ),
          ),
        ].toSorted(),
        services: namespace === undefined ? [] : names((snapshot) => snapshot.servicesIn(namespace)),
        workloads: namespace === undefined ? [] : names((snapshot) => snapshot.workloadsIn(namespace)),
        revisions: [...new Set(istiods.flat().map(({ revision }) => revision))].toSorted(),
        whole: whole.includes(true),
        links: linksOf(mesh),
      }
    },
  )
}

function toPanel(
  request: FastifyRequest,
  panel: Panel,
  told: readonly (Target & { answers: readonly PanelAnswer[] })[],
  variables: Variables,
  visible: (namespace: string) => boolean,
): MonitoringPanel {
  const parts: PanelPart[] = []
  const failures: ClusterFailure[] = []
  for (const { cluster, clusters, answers } of told) {
    const answer = answers.find((each) => each.panel.id === panel.id)
    if (answer === undefined) continue
    if ('answers' in answer) parts.push({ cluster, answers: answer.answers })
    else failures.push(...clusters.map((each) => ({ cluster: each, problem: request.problemOf(answer.error, each) })))
  }
  const [target] = told
  return {
    id: panel.id,
    queries: printedQueries(panel, { ...variables, ...target?.bounds }),
    ...toPanelSeries(panel, parts, visible),
    failures,
  }
}

const seenNamespaces = (answer: PanelAnswer): string[] =>
  'answers' in answer
    ? answer.answers.flatMap(({ series }) => series.flatMap(({ metric }) => namespacesOf(metric)))
    : []

/** The record may have been written past the schema; anything but a web address must not become a link. */
function linksOf({ spec: { links = {} } }: Mesh): MonitoringChoices['links'] {
  const address = (text: string | undefined): string | undefined =>
    text !== undefined && /^https?:\/\//.test(text) && URL.canParse(text.replaceAll(/[{}]/g, '')) ? text : undefined
  return pick({ grafana: address(links.grafana), tracing: address(links.tracing) })
}
