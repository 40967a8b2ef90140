import { kindOf } from '@meshdeck/kube'
import { useQueries } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import Tag from 'antd/es/tag'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { DiffView } from '../../components/diff-view.tsx'
import { useStyle } from '../../lib/use-style.ts'
import { alignKeys, comparable, toEditableYaml } from '../draft.ts'
import { FieldChanges } from '../field-changes.tsx'
import { kubectl } from '../kubectl.ts'
import { ReasonField } from '../reason-field.tsx'
import css from '../resource-kit.css?inline'
import { askedOnce } from '../resource-queries.ts'
import { ChangeSetChecks } from './change-set-checks.tsx'
import { ChangeSetResult } from './change-set-result.tsx'
import { keyOf, refOfChange, tryChange, type DryRun, type PlannedChange } from './planned-change.ts'
import { useChangeSet } from './use-change-set.ts'

type Layout = 'fields' | 'unified'
const LAYOUTS: readonly Layout[] = ['unified', 'fields']

export interface ChangeSetReviewProps {
  /** At least one, in the order in which they are to be written. They do not change while they are reviewed. */
  changes: readonly PlannedChange[]
  /** More that is to be known before, as further lines of the checks. */
  more?: ReactNode
  /** Back to where the changes were thought of. Those that were applied stay. */
  onBack: () => void
}

/** The review of a change to several objects: the server's dry run of each, the state after all, then the outcome of each. */
export function ChangeSetReview({ changes, more, onBack }: ChangeSetReviewProps) {
  useStyle(css)
  const { t } = useTranslation('change-set')
  const [layout, setLayout] = useState<Layout>('unified')
  const [reason, setReason] = useState('')
  const dryRuns = useQueries({
    queries: changes.map((change) => ({
      queryKey: ['dry-run', change.cluster, change.kind, change] as const,
      queryFn: () => tryChange(change),
      ...askedOnce,
    })),
  })
  const set = useChangeSet(changes, dryRuns)
  if (set.phase !== 'planned') return <ChangeSetResult changes={changes} set={set} reason={reason} onBack={onBack} />
  return (
    <div className="md-review">
      <div className="md-stack">
        <Segmented<Layout>
          aria-label={t('layout')}
          value={layout}
          options={LAYOUTS.map((value) => ({ value, label: t(`layouts.${value}`) }))}
          onChange={setLayout}
        />
        {changes.map((change, at) => (
          <ChangeCard key={keyOf(change)} change={change} dryRun={dryRuns[at]} layout={layout} />
        ))}
      </div>
      <aside className="md-stack">
        <ChangeSetChecks changes={changes} dryRuns={dryRuns} more={more} />
        <section className="md-card md-card-body md-stack">
          <ReasonField value={reason} onChange={setReason} />
          <div className="md-buttons">
            <Button onClick={onBack}>{t('common:actions.back')}</Button>
            <Button
              type="primary"
              disabled={!dryRuns.every(({ isSuccess }) => isSuccess)}
              onClick={() => void set.apply(reason)}
            >
              {t('apply')}
            </Button>
          </div>
          <p className="md-muted">{t('nothingYet')}</p>
        </section>
      </aside>
    </div>
  )
}

interface ChangeCardProps {
  change: PlannedChange
  dryRun: DryRun | undefined
  layout: Layout
}

function ChangeCard({ change, dryRun, layout }: ChangeCardProps) {
  const { t } = useTranslation(['change-set', 'resources'])
  const { cluster, kind, before } = change
  // What the server would keep; before it has answered, what is planned.
  const after = dryRun?.data?.data ?? change.after
  const ref = refOfChange(change)
  const title = `${t(`resources:kinds.${kindOf(kind).id}.singular`)} ${[ref.namespace, ref.name].filter(Boolean).join(' / ')}`
  return (
    <section className="md-card md-review-changes" aria-label={`${title} · ${cluster}`}>
      <header>
        <h2>{title}</h2>
        <Tag>{t(before === undefined ? 'isNew' : 'isChanged')}</Tag>
        <Tag>{cluster}</Tag>
      </header>
      <div className="md-card-body">
        {layout === 'fields' ? (
          <FieldChanges before={before && comparable(before)} after={comparable(after)} />
        ) : (
          <DiffView
            before={before ? toEditableYaml(before) : ''}
            after={toEditableYaml(alignKeys(after, before))}
            layout="unified"
            labels={{ before: t('before', { cluster }), after: t('after') }}
          />
        )}
      </div>
      <div className="md-card-body md-divided">
        <CommandBox command={before ? kubectl.replace(ref) : kubectl.create(ref)} />
      </div>
    </section>
  )
}
