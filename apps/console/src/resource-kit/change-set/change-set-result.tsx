import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { CommandBox } from '../../components/command-box.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { kubectl } from '../kubectl.ts'
import { keyOf, refOfChange, type PlannedChange } from './planned-change.ts'
import type { ChangeSet, Outcome } from './use-change-set.ts'

const TONES: Readonly<Record<Outcome['state'], StatusTone>> = {
  waiting: 'unknown',
  running: 'info',
  written: 'success',
  undone: 'info',
  failed: 'error',
  stuck: 'error',
}

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
  const states = set.outcomes.map(({ state }) => state)
  const isRunning = set.phase === 'running'
  const isWritten = states.some((state) => state === 'written' || state === 'stuck')
  const isOpen = states.some((state) => state === 'failed') && !states.includes('undone')
  const outcome = isRunning
    ? 'running'
    : states.every((state) => state === 'written')
      ? 'all'
      : isWritten
        ? 'some'
        : states.includes('failed')
          ? 'none'
          : 'undone'
  return (
    <section className="md-card md-card-body md-stack" aria-label={t('result.title')}>
      <p role="status">
        <StatusDot tone={outcome === 'all' ? 'success' : outcome === 'some' || outcome === 'none' ? 'error' : 'info'}>
          {t(`result.${outcome}`)}
        </StatusDot>
      </p>
      <ul className="md-affected" aria-label={t('result.objects')}>
        {changes.map((change, at) => (
          <ObjectResult key={keyOf(change)} change={change} outcome={set.outcomes[at]} />
        ))}
      </ul>
      <div className="md-buttons">
        <Button disabled={isRunning} onClick={onBack}>
          {t('result.back')}
        </Button>
        {isOpen && (
          <Button disabled={isRunning} onClick={() => void set.apply(reason)}>
            {t('result.again')}
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

function ObjectResult({ change, outcome }: { change: PlannedChange; outcome: Outcome | undefined }) {
  const { t } = useTranslation(['change-set', 'resources'])
  const { mesh } = useMeshScope()
  const describe = useProblemText()
  if (outcome === undefined) return null
  const ref = refOfChange(change)
  const name = [ref.namespace, ref.name].filter(Boolean).join(' / ')
  const failure = 'error' in outcome ? describe(outcome.error) : undefined
  const exists = change.before !== undefined || outcome.state === 'written' || outcome.state === 'stuck'
  return (
    <li>
      {t(`resources:kinds.${ref.kind}.singular`)}{' '}
      {exists ? (
        <AppLink place={places.object(mesh, { ...ref, namespace: ref.namespace })}>{name}</AppLink>
      ) : (
        <strong>{name}</strong>
      )}{' '}
      <StatusDot tone={TONES[outcome.state]}>{t(`states.${outcome.state}`)}</StatusDot>
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
