import type { ClusterFailure, MonitoringQuery } from '@meshdeck/contract'
import { kindOf, type Mesh } from '@meshdeck/kube'
import { systemNamespaceOf } from '@meshdeck/mesh'
import { findDashboard, type Dashboard, type Panel, type Variables } from '@meshdeck/mesh/monitoring'
import { rateWindow } from '@meshdeck/mesh/promql'
import type { FastifyRequest } from 'fastify'
import { splitList } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import type { TimeRange } from '../../../lib/prometheus/prometheus-client.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import { pick } from '../../../lib/views/clusters.ts'
import type { MetricsSource } from '../../../plugins/metrics-sources.ts'
import { askedRange, invalidQuery } from './asked-range.ts'
import { clustersOf, meshOf, readAll } from './mesh-scope.ts'
import { clustersShowing } from './metrics-rights.ts'

const DEFAULT_QUANTILES = '0.5,0.9,0.99'
/** What most Prometheus scrape at; one that is slower still has two scrapes in its windows. */
const SCRAPE_SECONDS = 15

/** Throws `ProblemError` (`not-found`). */
export function sectionOf(params: { dashboard: string; section: string }): {
  dashboard: Dashboard
  panels: readonly Panel[]
} {
  const dashboard = findDashboard(params.dashboard)
  const section = dashboard?.sections.find(({ id }) => id === params.section)
  if (dashboard === undefined || section === undefined)
    throw new ProblemError('not-found', `There is no section ${params.section} of a dashboard ${params.dashboard}`)
  return { dashboard, panels: section.panels }
}

/** What a question about a dashboard comes to: of which clusters and namespaces, over which time, with which variables. */
export async function scopeOf(request: FastifyRequest, name: string, dashboard: Dashboard, query: MonitoringQuery) {
  const range = askedRange(query)
  const subject = subjectOf(dashboard, query)
  const mesh = await meshOf(request, name)
  const wanted = clustersOf(mesh, query)
  const reach = await reachOf(request, dashboard, wanted, subject?.namespace)
  return { mesh, range, wanted, reach, variables: variablesOf(query, mesh, range, subject) }
}

/** What the dashboard is about, where it is about one thing. Throws `ProblemError` (`invalid-input`) naming the field. */
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
export type Reach = ReadonlyMap<string, readonly string[] | undefined>

/** What of the asked clusters the caller may see. Throws `ProblemError` (`forbidden`) where that is nothing. */
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
export interface Target {
  /** For the label `cluster`. */
  cluster: string
  clusters: readonly string[]
  panels: readonly Panel[]
  bounds: Pick<Variables, 'cluster' | 'within'>
}

export function targetsOf({ clusters }: MetricsSource, reach: Reach, panels: readonly Panel[]): Target[] {
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
export function unseen(clusters: readonly string[], reach: Reach): ClusterFailure[] {
  return clusters
    .filter((cluster) => !reach.has(cluster))
    .map((cluster) => ({ cluster, problem: forbiddenProblem(kindOf('Service'), cluster) }))
}
