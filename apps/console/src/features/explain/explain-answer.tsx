import type { ExplainAnswer as Answer } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { ExplainSteps } from './explain-steps.tsx'

const TONES: Readonly<Record<Answer['verdict'], StatusTone>> = {
  allowed: 'success',
  denied: 'error',
  fails: 'error',
  answered: 'info',
  depends: 'warning',
}

/** What happens, first in a word, then hop by hop. */
export function ExplainAnswer({ answer }: { answer: Answer }) {
  const { t } = useTranslation('explain')
  return (
    <div className="md-explain-answer">
      <section className="md-card md-explain-verdict" role="status">
        <h2>
          <Verdict outcomes={answer} />
        </h2>
        <p className="md-muted">{t('readFrom', { cluster: answer.cluster })}</p>
        {answer.hidden.length > 0 && <p>{t('hidden', { kinds: answer.hidden.join(', ') })}</p>}
      </section>
      <section className="md-card md-card-body">
        <ExplainSteps steps={answer.steps} />
      </section>
      {answer.branches.map((branch) => {
        const { host, port, subset, weight, cluster } = branch
        return (
          <section key={`${host} ${port} ${subset} ${weight}`} className="md-card">
            <header className="md-explain-branch">
              <h2>{t('branch', { host, port, subset, weight })}</h2>
              <Verdict outcomes={branch} />
              <span className="md-muted">
                {t('envoyCluster')}: <code>{cluster}</code>
              </span>
            </header>
            <div className="md-card-body">
              <ExplainSteps steps={branch.steps} />
            </div>
          </section>
        )
      })}
    </div>
  )
}

function Verdict({ outcomes: { verdict, status } }: { outcomes: Pick<Answer, 'verdict' | 'status'> }) {
  const { t } = useTranslation('explain')
  return (
    <StatusDot tone={TONES[verdict]}>
      {t(`verdicts.${verdict}`)}
      {status !== undefined && ` · ${t('status', { status })}`}
    </StatusDot>
  )
}
