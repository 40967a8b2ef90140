import { kindOf, type KindId, type KubeResource } from '@meshdeck/kube'
import { ownerOf, RECORDED_KINDS } from '@meshdeck/mesh'
import type { UseQueryResult } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import Tag from 'antd/es/tag'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../components/command-box.tsx'
import { DiffView } from '../components/diff-view.tsx'
import { FailureAlert } from '../components/failure-alert.tsx'
import { useProblemText } from '../components/problem-text.tsx'
import type { Written } from '../lib/api.ts'
import { CommitInstead, isDelivered } from './commit-instead.tsx'
import { UnconfirmedError } from './confirmed-write.ts'
import { alignKeys, comparable, toEditableYaml } from './draft.ts'
import { FieldChanges } from './field-changes.tsx'
import { kubectl } from './kubectl.ts'
import { ReasonField } from './reason-field.tsx'
import { ReviewChecks } from './review-checks.tsx'

export interface ReviewStepProps {
  kind: KindId
  cluster: string
  /** What the draft is based on; absent for a new object. */
  base: KubeResource | undefined
  draft: KubeResource
  dryRun: UseQueryResult<Written<KubeResource>>
  /** Why the change is made; goes into the history. */
  reason: string
  onReason: (reason: string) => void
  /** A version that somebody wrote since. */
  theirs: KubeResource | undefined
  onCompare: () => void
  onBack: () => void
  onApply: () => void
  applying: boolean
  applyError: Error | undefined
}

type Layout = 'fields' | 'unified' | 'side-by-side'
const LAYOUTS: readonly Layout[] = ['fields', 'unified', 'side-by-side']

/** The second step: what the server says of the change, what changes, the command that equals it, and the decision. */
export function ReviewStep(props: ReviewStepProps) {
  const { t } = useTranslation('editor')
  const { kind, cluster, base, draft, dryRun } = props
  const [layout, setLayout] = useState<Layout>('unified')
  const describe = useProblemText()
  // What the server would keep, with its defaults and what webhooks add; before it has answered, what was typed.
  const after = dryRun.data?.data ?? draft
  const before = useMemo(() => (base ? toEditableYaml(base) : ''), [base])
  const afterText = useMemo(() => toEditableYaml(alignKeys(after, base)), [after, base])
  const { name, namespace } = draft.metadata
  const ref =
    namespace === undefined || !kindOf(kind).namespaced ? { cluster, kind, name } : { cluster, kind, namespace, name }
  const owner = ownerOf(base ?? draft)
  const failure = props.applyError && describe(props.applyError.cause ?? props.applyError)
  return (
    <div className="md-review">
      <section className="md-card md-review-changes">
        <header>
          <h2>{t('review.changes')}</h2>
          <Tag>{t('review.objects', { count: 1 })}</Tag>
          <Tag>{cluster}</Tag>
          <Segmented<Layout>
            className="md-push"
            aria-label={t('review.layout')}
            value={layout}
            options={LAYOUTS.map((value) => ({ value, label: t(`review.layouts.${value}`) }))}
            onChange={setLayout}
          />
        </header>
        <div className="md-card-body">
          {layout === 'fields' ? (
            <FieldChanges before={base && comparable(base)} after={comparable(after)} />
          ) : (
            <DiffView
              before={before}
              after={afterText}
              layout={layout}
              labels={{ before: t('review.before', { cluster }), after: t('review.after') }}
            />
          )}
        </div>
        <div className="md-card-body md-divided">
          <CommandBox command={base ? kubectl.replace(ref) : kubectl.create(ref)} />
        </div>
      </section>
      <aside className="md-stack">
        <ReviewChecks {...props} />
        <section className="md-card md-card-body md-stack">
          {isDelivered(owner) && <CommitInstead owner={owner} draft={draft} />}
          {kindOf(kind).home === 'cluster' && (
            <ReasonField
              value={props.reason}
              onChange={props.onReason}
              disabled={props.applying}
              keptIn={RECORDED_KINDS.includes(kind) ? 'history' : 'object'}
            />
          )}
          {failure && <FailureAlert failure={failure} />}
          {props.applyError instanceof UnconfirmedError && <p role="status">{t('review.unconfirmed')}</p>}
          <div className="md-buttons">
            <Button onClick={props.onBack} disabled={props.applying}>
              {t('common:actions.back')}
            </Button>
            <Button
              type="primary"
              disabled={!dryRun.isSuccess || props.theirs !== undefined}
              loading={props.applying}
              onClick={props.onApply}
            >
              {t('review.apply')}
            </Button>
          </div>
          <p className="md-muted">{t('review.nothingYet')}</p>
        </section>
      </aside>
    </div>
  )
}
