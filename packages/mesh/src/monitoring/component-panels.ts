import { PROXY_CONTAINER } from '@meshdeck/kube'
import { matching, quoteRegex, selector, startingWith, sumBy, type LabelMatchers } from '../promql/promql.ts'
import { rateOf, scrapedIn } from './expressions.ts'
import type { Panel, PanelQuery, Unit, Variables } from './panel.ts'

/** Metrics of istiod's own. Its scrape gives it the label `app`, as Istio's documentation sets it up. */
export function istiodIn(variables: Variables): LabelMatchers {
  return {
    app: 'istiod',
    ...(variables.revision === undefined ? {} : { istio_io_rev: variables.revision }),
    ...scrapedIn(variables),
  }
}

/** Its containers, as the kubelet names them. */
export function istiodContainers(
  variables: Variables,
  container: LabelMatchers = { container: 'discovery' },
): LabelMatchers {
  const { revision } = variables
  // A pod's name ends with the hash of its ReplicaSet and one of its own.
  const name = revision === undefined || revision === 'default' ? 'istiod' : `istiod-${revision}`
  const pod = revision === undefined ? startingWith('istiod-') : matching(`${quoteRegex(name)}-[a-z0-9]+-[a-z0-9]+`)
  return { ...container, pod, ...scrapedIn(variables) }
}

export const ztunnelIn = (variables: Variables): LabelMatchers => ({
  pod: startingWith('ztunnel-'),
  ...scrapedIn(variables),
})

export const ztunnelContainers = (variables: Variables): LabelMatchers => ({
  container: PROXY_CONTAINER,
  ...ztunnelIn(variables),
})

/** A gauge or a counter's present value, summed by labels. */
export function valueQuery(
  id: string,
  metric: string,
  matchers: (variables: Variables) => LabelMatchers,
  by: readonly string[] = [],
): PanelQuery {
  return { id, by, promql: (variables) => sumBy(by, selector(metric, matchers(variables))) }
}

/** A counter per second, summed by labels. */
export function rateQuery(
  id: string,
  metric: string,
  matchers: (variables: Variables) => LabelMatchers,
  by: readonly string[] = [],
): PanelQuery {
  return { id, by, promql: (variables) => sumBy(by, rateOf(metric, [matchers(variables)], variables)) }
}

/** A panel of lines that is for those only who may see the whole mesh. */
export function linePanel(
  id: string,
  unit: Unit,
  queries: readonly PanelQuery[],
  { title = id, ...more }: { title?: string; goal?: number } = {},
): Panel {
  return { id, title, chart: 'line', unit, queries, bounded: false, ...more }
}

export function heatmapPanel(id: string, unit: Unit, metric: string): Panel {
  return {
    id,
    title: id,
    chart: 'heatmap',
    unit,
    queries: [rateQuery(id, `${metric}_bucket`, istiodIn, ['le'])],
    bounded: false,
  }
}

/** What runs of Istio, by component and version; only one component when it is named. */
export function versionsPanel(id: string, component?: string): Panel {
  const by = component === undefined ? ['component', 'tag'] : ['tag']
  return linePanel(id, 'count', [
    valueQuery('version', 'istio_build', (variables) => ({ component, ...scrapedIn(variables) }), by),
  ])
}
