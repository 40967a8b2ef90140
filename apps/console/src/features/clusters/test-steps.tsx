import type { ConnectionTest } from '@meshdeck/contract'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useStyle } from '../../lib/use-style.ts'
import css from './clusters.css?inline'
import { useReason } from './use-reason.ts'

type Step = ConnectionTest['steps'][number]
const TONES: Record<Step['result'], StatusTone> = {
  ok: 'success',
  warning: 'warning',
  failed: 'error',
  skipped: 'unknown',
}

export interface TestStepsProps {
  test: ConnectionTest
  /** Context that was chosen; empty when the kubeconfig left no choice. */
  context: string
}

/** What each check of a connection test found. */
export function TestSteps({ test, context }: TestStepsProps) {
  useStyle(css)
  const { t } = useTranslation('joining')
  return (
    <div className="md-stack" role="status" aria-label={t('result')}>
      {test.alreadyJoinedAs !== undefined && (
        <Alert type="warning" showIcon title={t('already', { name: test.alreadyJoinedAs })} />
      )}
      <ul className="md-test-steps">
        {test.steps.map((step) => (
          <li key={step.step}>
            <StatusDot tone={TONES[step.result]}>{t(`steps.${step.step}`)}</StatusDot>{' '}
            <span className="md-muted">{t(`results.${step.result}`)}</span>
            {step.result === 'ok' && <Found step={step} test={test} context={context} />}
            {step.result === 'warning' && <Lacking step={step} />}
            {step.result === 'failed' && <Failure step={step} />}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Found({ step: { step, message }, test, context }: TestStepsProps & { step: Step }) {
  const { t } = useTranslation('clusters')
  if (step === 'kubeconfig') {
    const used = context === '' && test.contexts.length === 1 ? test.contexts[0] : context
    return <div>{used ? t('found.context', { context: used }) : message}</div>
  }
  if (step === 'istio') {
    if (test.istio.length === 0) return <div>{t('found.noIstio')}</div>
    return test.istio.map((istio) => (
      <div key={`${istio.namespace}/${istio.revision}`}>{t('found.istio', { ...istio })}</div>
    ))
  }
  return <div>{t(`found.${step}`, { version: test.version ?? '', server: test.server ?? '' })}</div>
}

/** What a remark means for the reader, then the server's own words. */
function Lacking({ step: { step, message } }: { step: Step }) {
  const { t } = useTranslation('clusters')
  return (
    <>
      {step !== 'connect' && <div>{t(`lacking.${step}`)}</div>}
      <div className="md-muted">{message}</div>
    </>
  )
}

/** The reason in the reader's language, then the server's own words, which name the place and the cure. */
function Failure({ step }: { step: Step }) {
  const reason = useReason()(step)
  // What is wrong with the kubeconfig stands at its field.
  const own = step.step === 'kubeconfig' ? undefined : reason
  return (
    <div role="alert">
      {own && <div>{own}</div>}
      <div className={own ? 'md-muted' : ''}>{step.message}</div>
    </div>
  )
}
