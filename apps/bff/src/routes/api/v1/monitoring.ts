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
import { kindOf, type Mesh } from '@meshdeck/kube'
import { systemNamespaceOf } from '@meshdeck/mesh'
import { findDashboard, type Dashboard, type Panel, type Variables } from '@meshdeck/mesh/monitoring'
import { rateWindow } from '@meshdeck/mesh/promql'
import type { FastifyRequest } from 'fastify'
import { splitList } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { fetchPanels, printedQueries, type PanelAnswer } from '../../../lib/prometheus/panel-answers.ts'
import type { TimeRange } from '../../../lib/prometheus/prometheus-client.ts'
import { recordedRates } from '../../../lib/prometheus/recorded-rates.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import { pick } from '../../../lib/views/clusters.ts'
import { namespacesOf, toPanelSeries, type PanelPart } from '../../../lib/views/panels.ts'
import type { MetricsSource } from '../../../plugins/metrics-sources.ts'
import { askSources } from './mesh-metrics.ts'
import { assertVisible, clustersOf, meshOf, readAll, snapshotsOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'
import { askedRange, invalidQuery } from './asked-range.ts'
import { clustersShowing, namespacesShowing } from './metrics-rights.ts'

const DEFAULT_QUANTILES = '0.5,0.9,0.99'
/** What most Prometheus scrape at; one that is slower still has two scrapes in its windows. */
const SCRAPE_SECONDS = 15

/** The dashboards of a mesh, section by section, and what their variables may be. */
export const monitoringRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/monitoring/:dashboard/:section`,
    { schema: { params: MonitoringParams, querystring: MonitoringQuery, response: { 200: MonitoringSection } } },
    async (request) => {
      const { params, query } = request
      const { dashboard, panels } = sectionOf(params)
      const range = askedRange(query)
      const subject = subjectOf(dashboard, query)
      const mesh = await meshOf(request, params.mesh)
      const wanted = clustersOf(mesh, query)
      const reach = await reachOf(request, dashboard, wanted, subject?.namespace)
      const variables = variablesOf(query, mesh, range, subject)
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

function sectionOf(params: { dashboard: string; section: string }): { dashboard: Dashboard; panels: readonly Panel[] } {
  const dashboard = findDashboard(params.dashboard)
  const section = dashboard?.sections.find(({ id }) => id === params.section)
  if (dashboard === undefined || section === undefined)
    throw new ProblemError('not-found', `There is no section ${params.section} of a dashboard ${params.dashboard}`)
  return { dashboard, panels: section.panels }
}

function subjectOf(dashboard: Dashboard, { namespace, name }: MonitoringQuery) {
  if (dashboard.subject === undefined) return undefined
  for (const [field, value] of [
    ['namespace', namespace],
    ['name', name],
  ] as const)
    if (value === undefined || value === '')
      throw invalidQuery(field, `is required: the dashboard ${dashboard.id} is about one ${dashboard.subject}`)
  return { namespace: namespace ?? '', name: name ?? '' }
}

function variablesOf(
  query: MonitoringQuery,
  mesh: Mesh,
  { step }: TimeRange,
  subject: { namespace: string; name: string } | undefined,
): Variables {
  const quantiles = [...(splitList(query.quantiles ?? DEFAULT_QUANTILES) ?? [])].map(Number)
  return {
    window: rateWindow(step, SCRAPE_SECONDS),
    systemNamespace: systemNamespaceOf(mesh),
    namespace: subject?.namespace ?? '',
    name: subject?.name ?? '',
    reporter: query.reporter ?? 'source',
    quantiles: quantiles.toSorted((a, b) => a - b),
    peers: [...(splitList(query.peers) ?? [])],
    peerNamespaces: [...(splitList(query.peerNamespaces) ?? [])],
    ...pick({ revision: query.revision === '' ? undefined : query.revision }),
  }
}

/** Clusters of which the caller may see something; with the namespaces that totals are kept to where that is not all. */
type Reach = ReadonlyMap<string, readonly string[] | undefined>

async function reachOf(
  request: FastifyRequest,
  { subject, sections }: Dashboard,
  clusters: readonly string[],
  namespace: string | undefined,
): Promise<Reach> {
  if (subject !== undefined)
    return new Map((await clustersShowing(request, clusters, namespace)).map((cluster) => [cluster, undefined]))
  const canBeKept = sections.some(({ panels }) => panels.some(({ bounded }) => bounded))
  const whole = await clustersShowing(request, clusters).catch((error: unknown) => {
    if (canBeKept && error instanceof ProblemError && error.problem.code === 'forbidden') return []
    throw error
  })
  const reach = new Map<string, readonly string[] | undefined>(whole.map((cluster) => [cluster, undefined]))
  if (!canBeKept) return reach
  const rest = clusters.filter((cluster) => !reach.has(cluster))
  for (const { cluster, objects } of await readAll(request, rest, 'Namespace')) {
    const names = objects.map(({ metadata }) => metadata.name)
    const listable = await request
      .rights(cluster)
      .listable('Service', names)
      .catch(() => new Set<string>())
    const seen = listable === 'all' ? names : names.filter((name) => listable.has(name))
    if (seen.length > 0) reach.set(cluster, seen)
  }
  const [first] = clusters
  if (reach.size === 0 && first !== undefined) throw ProblemError.from(forbiddenProblem(kindOf('Service'), first))
  return reach
}

/** What is asked of one Prometheus: of all that it holds at once, or of those of its clusters that may be seen, one by one. */
interface Target {
  /** For the label `cluster`. */
  cluster: string
  clusters: readonly string[]
  panels: readonly Panel[]
  bounds: Pick<Variables, 'cluster' | 'within'>
}

function targetsOf({ clusters }: MetricsSource, reach: Reach, panels: readonly Panel[]): Target[] {
  const seen = clusters.filter((cluster) => reach.has(cluster))
  if (seen.length === clusters.length && seen.every((cluster) => reach.get(cluster) === undefined))
    return [{ cluster: clusters.join(', '), clusters, panels, bounds: {} }]
  return seen.map((cluster) => {
    const within = reach.get(cluster)
    return {
      cluster,
      clusters: [cluster],
      panels: within === undefined ? panels : panels.filter(({ bounded }) => bounded),
      bounds: pick({ within, cluster: clusters.length > 1 ? cluster : undefined }),
    }
  })
}

/** Clusters that were asked for and of which the caller may see nothing. */
function unseen(clusters: readonly string[], reach: Reach): ClusterFailure[] {
  return clusters
    .filter((cluster) => !reach.has(cluster))
    .map((cluster) => ({ cluster, problem: forbiddenProblem(kindOf('Service'), cluster) }))
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
