import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Tag from 'antd/es/tag'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { CommandBox } from '../../components/command-box.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { kubectl } from '../kubectl.ts'
import { clustersOf, keyOf, refOfChange, type PlannedChange } from './planned-change.ts'
import type { ChangeSet, Outcome } from './use-change-set.ts'

const TONES: Readonly<Record<Outcome['state'], StatusTone>> = {
  waiting: 'unknown',
  running: 'info',
  written: 'success',
  undone: 'info',
  failed: 'error',
  stuck: 'error',
  unknown: 'warning',
}

const OUTCOMES = {
  running: 'info',
  all: 'success',
  unknown: 'warning',
  some: 'error',
  none: 'error',
  undone: 'info',
} as const satisfies Record<string, StatusTone>

export interface ChangeSetResultProps {
  changes: readonly PlannedChange[]
  set: ChangeSet
  /** Why it was done; an undo tells that it undoes it. */
  reason: string
  onBack: () => void
}

/** What has become of each object; what was written can be taken back, what was not can be tried again. */
export function ChangeSetResult({ changes, set, reason, onBack }: ChangeSetResultProps) {
  const { t } = useTranslation('change-set')
  const withCluster = clustersOf(changes).length > 1
  const states = set.outcomes.map(({ state }) => state)
  const isRunning = set.phase === 'running'
  const isUnknown = states.includes('unknown')
  const isWritten = isUnknown || states.some((state) => state === 'written' || state === 'stuck')
  // What is on its way back is not applied on.
  const isGoingBack = states.includes('undone') || set.outcomes.some((each) => each.state === 'unknown' && each.object)
  const isOpen = states.some((state) => state === 'failed' || state === 'unknown') && !isGoingBack
  const outcome = isRunning
    ? 'running'
    : states.every((state) => state === 'written')
      ? 'all'
      : isUnknown
        ? 'unknown'
        : isWritten
          ? 'some'
          : states.includes('failed')
            ? 'none'
            : 'undone'
  return (
    <section className="md-card md-card-body md-stack" aria-label={t('result.title')}>
      <p role="status">
        <StatusDot tone={OUTCOMES[outcome]}>{t(`result.${outcome}`)}</StatusDot>
      </p>
      <ul className="md-affected" aria-label={t('result.objects')}>
        {changes.map((change, at) => (
          <ObjectResult key={keyOf(change)} change={change} outcome={set.outcomes[at]} withCluster={withCluster} />
        ))}
      </ul>
      <div className="md-buttons">
        <Button disabled={isRunning} onClick={onBack}>
          {t('result.back')}
        </Button>
        {isOpen && (
          <Button disabled={isRunning} onClick={() => void set.apply(reason)}>
            {t(isUnknown ? 'result.lookAgain' : 'result.again')}
          </Button>
        )}
        {isWritten && (
          <Button
            danger
            disabled={isRunning}
            onClick={() => void set.undo(reason.trim() === '' ? t('undone') : t('undoReason', { reason }))}
          >
            {t('result.undo')}
          </Button>
        )}
      </div>
    </section>
  )
}

interface ObjectResultProps {
  change: PlannedChange
  outcome: Outcome | undefined
  /** The same object may be written to several. */
  withCluster: boolean
}

function ObjectResult({ change, outcome, withCluster }: ObjectResultProps) {
  const { t } = useTranslation(['change-set', 'resources'])
  const { mesh } = useMeshScope()
  const describe = useProblemText()
  if (outcome === undefined) return null
  const ref = refOfChange(change)
  const name = [ref.namespace, ref.name].filter(Boolean).join(' / ')
  const failure = 'error' in outcome ? describe(outcome.error.cause ?? outcome.error) : undefined
  const exists = change.before !== undefined || outcome.state === 'written' || outcome.state === 'stuck'
  const pause = outcome.state === 'running' ? outcome.pause : undefined
  return (
    <li>
      {t(`resources:kinds.${ref.kind}.singular`)}{' '}
      {exists ? (
        <AppLink place={places.object(mesh, { ...ref, namespace: ref.namespace })}>{name}</AppLink>
      ) : (
        <strong>{name}</strong>
      )}{' '}
      {withCluster && <Tag>{change.cluster}</Tag>}
      <StatusDot tone={TONES[outcome.state]}>
        {pause === undefined ? t(`states.${outcome.state}`) : t('states.paused', { count: pause })}
      </StatusDot>
      {failure && <FailureAlert failure={failure} />}
      {outcome.state === 'written' && (
        <>
          {outcome.warnings.map((warning) => (
            <Alert key={warning} type="warning" showIcon title={warning} />
          ))}
          <CommandBox title={t('result.see')} command={kubectl.get(ref)} />
        </>
      )}
    </li>
  )
}
