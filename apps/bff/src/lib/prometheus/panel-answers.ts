import type { Panel, PanelQuery, Variables } from '@meshdeck/mesh/monitoring'
import type { Matrix } from './prometheus-answer.ts'
import type { PrometheusClient, TimeRange } from './prometheus-client.ts'
import { replicaLabels } from './replica-labels.ts'

/** What one Prometheus said to one query; `over` is what the figures are a part of. */
export interface QueryAnswer {
  query: PanelQuery
  series: Matrix['series']
  over?: Matrix['series']
  warnings: string[]
}

/** What one Prometheus said of one panel. */
export type PanelAnswer = { panel: Panel } & ({ answers: QueryAnswer[] } | { error: unknown })

/**
 * Asks for panels over an aligned range, tables at its end. A panel that fails does not take others with it; when all
 * fail there is nothing to be had here, and the first failure is thrown.
 */
export async function fetchPanels(
  client: PrometheusClient,
  panels: readonly Panel[],
  variables: Variables,
  range: TimeRange,
): Promise<PanelAnswer[]> {
  const replicas = await replicaLabels(client, range.to)
  const asked = replicas.length === 0 ? variables : { ...variables, replicas }
  const settled = await Promise.allSettled(
    panels.map(({ queries, chart }) =>
      Promise.all(queries.map((query) => fetchQuery(client, query, chart === 'table', asked, range))),
    ),
  )
  const failed = settled.find((result) => result.status === 'rejected')
  if (failed !== undefined && settled.every(({ status }) => status === 'rejected')) throw failed.reason
  return panels.flatMap((panel, index): PanelAnswer[] => {
    const result = settled[index]
    if (result === undefined) return []
    return [result.status === 'fulfilled' ? { panel, answers: result.value } : { panel, error: result.reason }]
  })
}

async function fetchQuery(
  client: PrometheusClient,
  query: PanelQuery,
  now: boolean,
  variables: Variables,
  range: TimeRange,
): Promise<QueryAnswer> {
  const ask = async (promql: string): Promise<Matrix> => {
    if (!now) return client.queryRange(promql, range)
    const { samples, warnings } = await client.query(promql, range.to)
    return { series: samples.map(({ metric, value }) => ({ metric, points: [[range.to, value]] })), warnings }
  }
  const [own, over] = await Promise.all([
    ask(query.promql(variables)),
    query.over === undefined ? undefined : ask(query.over(variables)),
  ])
  return {
    query,
    series: own.series,
    ...(over === undefined ? {} : { over: over.series }),
    warnings: [...own.warnings, ...(over?.warnings ?? [])],
  }
}

/** A panel's queries as they are shown and copied: what is divided is written as a division. */
export function printedQueries({ queries }: Panel, variables: Variables): { id: string; promql: string }[] {
  return queries.map(({ id, promql, over }) => ({
    id,
    promql: over === undefined ? promql(variables) : `(${promql(variables)}) / (${over(variables)})`,
  }))
}
