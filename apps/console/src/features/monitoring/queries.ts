import {
  monitoringPaths,
  withQuery,
  type MonitoringChoices,
  type MonitoringExemplars,
  type MonitoringSection,
} from '@meshdeck/contract'
import type { KindId } from '@meshdeck/kube'
import type { Dashboard } from '@meshdeck/mesh/monitoring'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'
import { meshScope } from '../../lib/query-keys.ts'
import { isPinned, RANGES, type MonitoringSearch } from './monitoring-search.ts'
import type { SectionQuestion } from './use-sections.ts'

const CHOICE_KINDS: readonly KindId[] = ['Mesh', 'Namespace', 'Service', 'Deployment', 'StatefulSet', 'DaemonSet']

/** What of the page's state, besides the time, a section of a dashboard depends on. */
function variablesOf({ subject, id }: Dashboard, search: MonitoringSearch): Record<string, string | number> {
  return {
    cluster: search.cluster,
    quantiles: search.quantiles.join(','),
    ...(subject === undefined
      ? {}
      : {
          namespace: search.namespace,
          name: search.name,
          reporter: search.reporter,
          peers: search.peers.join(','),
          peerNamespaces: search.peerNamespaces.join(','),
        }),
    ...(id === 'control-plane' || id === 'performance' ? { revision: search.revision } : {}),
  }
}

export const monitoringQueries = {
  /** Metrics have no events, so they are asked for again and again, unless the time stands still. */
  section: (mesh: string, dashboard: Dashboard, section: string, search: MonitoringSearch, refreshSeconds: number) => {
    const time = isPinned(search) ? { from: search.from, to: search.to } : { range: RANGES[search.range] }
    const question = { ...time, ...variablesOf(dashboard, search) }
    return queryOptions({
      queryKey: [meshScope(mesh), [], 'monitoring', dashboard.id, section, question] as const,
      queryFn: ({ signal }) =>
        api.get<MonitoringSection>(withQuery(monitoringPaths.section(mesh, dashboard.id, section), question), {
          signal,
        }),
      refetchInterval: refreshSeconds === 0 || isPinned(search) ? false : refreshSeconds * 1000,
      placeholderData: keepPreviousData,
    })
  },
  /** Of the time (unix seconds) that the panel shows. */
  exemplars: (
    mesh: string,
    { dashboard, section, search }: SectionQuestion,
    panel: string,
    { from, to }: { from: number; to: number },
  ) => {
    const question = { from, to, ...variablesOf(dashboard, search) }
    return queryOptions({
      queryKey: [meshScope(mesh), [], 'monitoring-exemplars', dashboard.id, section.id, panel, question] as const,
      queryFn: ({ signal }) =>
        api.get<MonitoringExemplars>(
          withQuery(monitoringPaths.exemplars(mesh, dashboard.id, section.id, panel), question),
          { signal },
        ),
      placeholderData: keepPreviousData,
    })
  },
  choices: (mesh: string, namespace: string) =>
    queryOptions({
      queryKey: [meshScope(mesh), CHOICE_KINDS, 'monitoring-choices', namespace] as const,
      queryFn: ({ signal }) =>
        api.get<MonitoringChoices>(withQuery(monitoringPaths.choices(mesh), { namespace }), { signal }),
      placeholderData: keepPreviousData,
    }),
}
