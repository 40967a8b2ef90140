import type { ConnectionTest } from '@meshdeck/contract'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'

type Step = ConnectionTest['steps'][number]
const TONES: Record<Step['result'], StatusTone> = {
  ok: 'success',
  warning: 'warning',
  failed: 'error',
  skipped: 'unknown',
}

/** What each check of a connection test found. */
export function TestSteps({ test }: { test: ConnectionTest }) {
  const { t } = useTranslation('fleet')
  return (
    <div className="md-stack" role="status" aria-label={t('clusters.joining.result')}>
      {test.alreadyJoinedAs !== undefined && (
        <Alert type="warning" showIcon title={t('clusters.joining.already', { name: test.alreadyJoinedAs })} />
      )}
      <ul className="md-affected">
        {test.steps.map((step) => (
          <li key={step.step}>
            <StatusDot tone={TONES[step.result]}>{t(`clusters.joining.steps.${step.step}`)}</StatusDot>{' '}
            <span className="md-muted">{t(`clusters.joining.results.${step.result}`)}</span>
            <StepWords step={step} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The reason in the reader's language, then the server's own words, which name the place and the cure. */
function StepWords({ step: { step, code, message, result } }: { step: Step }) {
  const { t, i18n } = useTranslation('fleet')
  if (result === 'skipped') return null
  const key = `clusters.joining.codes.${code ?? ''}`
  const known = code !== undefined && i18n.exists(key, { ns: 'fleet' })
  return (
    <div {...(result === 'failed' ? { role: 'alert' } : {})}>
      {known && <div>{t(key)}</div>}
      <div className={known ? 'md-muted' : ''}>{step === 'prometheus' && message === '' ? '–' : message}</div>
    </div>
  )
}
