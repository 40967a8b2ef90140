import type { MonitoringExemplar, MonitoringExemplars } from '@meshdeck/contract'
import type { Panel } from '@meshdeck/mesh/monitoring'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { TimeMark } from '../../charts/time-marks.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { monitoringQueries } from './queries.ts'
import type { SectionQuestion } from './use-sections.ts'

/** A traced request with its line's name in the reader's words. */
export type NamedExemplar = MonitoringExemplar & { name: string }

export interface PanelExemplarsShown {
  query: UseQueryResult<MonitoringExemplars>
  exemplars: readonly NamedExemplar[]
  /** For the chart; those without a value stand on its axis. */
  marks: readonly TimeMark[]
}

/** What a panel's exemplars are asked with, and how they are put into words. */
export interface ExemplarsAsked {
  panel: Panel
  question: SectionQuestion
  /** The time that the panel shows; unix seconds. */
  frame: { from: number; to: number }
  nameOf: (labels: MonitoringExemplar['labels']) => string
  print: (value: number) => string
}

/** The exemplars of a panel; undefined where it has none, or nobody wants to see them. */
export function useExemplars({
  panel,
  question,
  frame,
  nameOf,
  print,
}: ExemplarsAsked): PanelExemplarsShown | undefined {
  const { mesh } = useMeshScope()
  const shown = question.search.exemplars && panel.exemplars !== undefined
  const query = useQuery({ ...monitoringQueries.exemplars(mesh, question, panel.id, frame), enabled: shown })
  const { data } = query
  const exemplars = useMemo(
    () => (data?.exemplars ?? []).map((exemplar) => ({ ...exemplar, name: nameOf(exemplar.labels) })),
    [data, nameOf],
  )
  const marks = useMemo(
    () =>
      exemplars.map(({ at, value, name, traceId }) => ({
        at,
        value: value ?? 0,
        text: [...(value === undefined ? [] : [print(value)]), name, traceId].join(' · '),
      })),
    [exemplars, print],
  )
  return shown ? { query, exemplars, marks } : undefined
}
