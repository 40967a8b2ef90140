import type { HistoryDetail, HistoryEntry } from '@meshdeck/contract'
import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { configuredState } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { DiffView } from '../../components/diff-view.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { ApiError } from '../../lib/api.ts'
import { useFormat } from '../../lib/format.ts'
import { alignKeys, printYaml } from '../../resource-kit/draft.ts'
import { FieldChanges } from '../../resource-kit/field-changes.tsx'
import { historyQueries } from '../../resource-kit/history-queries.ts'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'

export type CompareLayout = 'fields' | 'unified' | 'side-by-side'
const LAYOUTS: readonly CompareLayout[] = ['fields', 'unified', 'side-by-side']
/** In place of an entry's id: the object as it is in the cluster. */
const NOW = 'now'

export interface CompareStatesProps {
  mesh: string
  target: ResourceRef
  detail: HistoryDetail
  /** Id of another entry, `now`, or nothing for the one before. */
  against: string
  onAgainst: (against: string) => void
  layout: CompareLayout
  onLayout: (layout: CompareLayout) => void
}

/** The state of an entry beside the one before it, any other of the object, or how it is now. */
export function CompareStates({ mesh, target, detail, against, onAgainst, layout, onLayout }: CompareStatesProps) {
  const { t } = useTranslation(['history', 'editor'])
  const format = useFormat()
  const entries = useQuery(historyQueries.of(mesh, target))
  const other = useOther(mesh, target, detail, against)
  const nameOf = ({ number, operation, at }: HistoryEntry): string =>
    t('entry.option', { number, operation: t(`operations.${operation}`), at: format.dateTime(at) })
  const options = [
    {
      value: '',
      label: detail.before ? t('entry.before', { entry: nameOf(detail.before.entry) }) : t('entry.nothing'),
    },
    { value: NOW, label: t('entry.now') },
    ...(entries.data?.items ?? [])
      .filter(({ id }) => id !== detail.entry.id && id !== detail.before?.entry.id)
      .map((entry) => ({ value: entry.id, label: nameOf(entry) })),
  ]
  const own = detail.entry.operation === 'deleted' ? undefined : detail.object
  // Against what is now, the present is what the eye takes for the result.
  const [before, after] = against === NOW ? [own, other.state] : [other.state, own]
  const [beforeName, afterName] =
    against === NOW ? [t('entry.this'), t('entry.now')] : [t('entry.other'), t('entry.this')]
  return (
    <section className="md-card">
      <header>
        <h2>{t('entry.compare')}</h2>
        <Select
          className="md-filter"
          aria-label={t('entry.against')}
          value={against}
          popupMatchSelectWidth={false}
          options={options}
          onChange={onAgainst}
        />
        <Segmented<CompareLayout>
          className="md-push"
          aria-label={t('editor:review.layout')}
          value={layout}
          options={LAYOUTS.map((value) => ({ value, label: t(`editor:review.layouts.${value}`) }))}
          onChange={onLayout}
        />
      </header>
      <div className="md-card-body">
        {other.error ? (
          <ErrorState error={other.error} />
        ) : other.pending ? (
          <LoadingState />
        ) : layout === 'fields' ? (
          <FieldChanges before={before} after={after ?? {}} />
        ) : (
          <DiffView
            before={before ? printYaml(before) : ''}
            after={after ? printYaml(alignKeys(after, before)) : ''}
            layout={layout}
            labels={{ before: beforeName, after: afterName }}
          />
        )}
      </div>
    </section>
  )
}

interface Other {
  state: KubeResource | undefined
  pending: boolean
  error: Error | undefined
}

/** The other side of the comparison. */
function useOther(mesh: string, target: ResourceRef, detail: HistoryDetail, against: string): Other {
  const live = useQuery({ ...resourceQueries.detail(target), enabled: against === NOW })
  const entry = useQuery({ ...historyQueries.entry(mesh, against), enabled: against !== '' && against !== NOW })
  if (against === '') return { state: stateOf(detail.before), pending: false, error: undefined }
  if (against === NOW) {
    const isGone = live.error instanceof ApiError && live.error.status === 404
    return {
      state: live.data && !isGone ? configuredState(live.data) : undefined,
      pending: live.isPending,
      error: isGone ? undefined : (live.error ?? undefined),
    }
  }
  return { state: stateOf(entry.data), pending: entry.isPending, error: entry.error ?? undefined }
}

/** What was there from then on: of a deleted object nothing. */
function stateOf(side: Pick<HistoryDetail, 'entry' | 'object'> | undefined): KubeResource | undefined {
  return side?.entry.operation === 'deleted' ? undefined : side?.object
}
