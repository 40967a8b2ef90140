import { findDashboard, panelsOf, type Variables } from '@meshdeck/mesh/monitoring'

/** The queries of the totals and the workloads of a mesh, as its dashboard asks them. */
export function meshPanels(window: number): string[] {
  const dashboard = findDashboard('mesh')
  const variables: Variables = {
    window,
    systemNamespace: 'istio-system',
    namespace: '',
    name: '',
    reporter: 'source',
    quantiles: [0.5, 0.99],
    peers: [],
    peerNamespaces: [],
    within: ['shop'],
    cluster: 'one',
  }
  return dashboard === undefined
    ? []
    : panelsOf(dashboard, 'traffic').flatMap(({ queries }) =>
        queries.flatMap(({ promql, over }) => [promql(variables), ...(over === undefined ? [] : [over(variables)])]),
      )
}
