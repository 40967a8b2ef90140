import type { MonitoringSection } from '@meshdeck/contract'
import type { Dashboard, Section } from '@meshdeck/mesh/monitoring'
import { useQueries, type UseQueryResult } from '@tanstack/react-query'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import type { SetSearch } from '../../lib/search-params.ts'
import type { MonitoringSearch } from './monitoring-search.ts'
import { monitoringQueries } from './queries.ts'

/** A section of a dashboard, and what it is asked about. */
export interface SectionQuestion {
  dashboard: Dashboard
  section: Section
  search: MonitoringSearch
}

/** The sections of a page with their answers. */
export interface Sections {
  shown: readonly { question: SectionQuestion; open: boolean; query: UseQueryResult<MonitoringSection> }[]
  /** The first answer, whose time is that of all. */
  answer: MonitoringSection | undefined
  failures: MonitoringSection['failures']
  /** Whether recording rules answered in part. */
  recorded: boolean
  /** When nothing that is open could be asked. */
  error: Error | undefined
  fetching: boolean
  /** Seconds in force. */
  refreshSeconds: number
  retry: () => void
  turn: (section: string) => void
}

/** Asks for what is open; what is closed asks nothing. */
export function useSections(
  questions: readonly SectionQuestion[],
  { refresh, turned }: Pick<MonitoringSearch, 'refresh' | 'turned'>,
  onSearch: SetSearch<MonitoringSearch>,
  enabled = true,
): Sections {
  const { mesh } = useMeshScope()
  const [preferences] = usePreferences()
  const refreshSeconds = refresh < 0 ? preferences.refreshSeconds : refresh
  const isOpen = ({ id, closed = false }: Section): boolean => closed === turned.includes(id)
  const queries = useQueries({
    queries: questions.map(({ dashboard, section, search }) => ({
      ...monitoringQueries.section(mesh, dashboard, section.id, search, refreshSeconds),
      enabled: enabled && isOpen(section),
    })),
  })
  const shown = questions.flatMap((question, at) => {
    const query = queries[at]
    return query === undefined ? [] : [{ question, open: isOpen(question.section), query }]
  })
  const asked = enabled ? shown.flatMap(({ open, query }) => (open ? [query] : [])) : []
  const [answer] = asked.flatMap(({ data }) => data ?? [])
  return {
    shown,
    answer,
    failures: asked.flatMap(({ data }) => data?.failures ?? []),
    recorded: asked.some(({ data }) => data?.recorded === true),
    error: asked.every((query) => query.isError && query.data === undefined)
      ? (asked[0]?.error ?? undefined)
      : undefined,
    fetching: asked.some(({ isFetching }) => isFetching),
    refreshSeconds,
    retry: () => asked.forEach((query) => void query.refetch()),
    turn: (id) => onSearch({ turned: turned.includes(id) ? turned.filter((each) => each !== id) : [...turned, id] }),
  }
}
