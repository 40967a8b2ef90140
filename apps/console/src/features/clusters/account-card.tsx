import { ACCOUNT_LEVELS } from '@meshdeck/kube'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Radio from 'antd/es/radio'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import type { AccountPlan } from '@meshdeck/contract'
import type { AccountState } from './account-plan.ts'

const KEEP = 'keep'
const TONES: Record<AccountPlan['objects'][number]['result'], StatusTone> = {
  created: 'success',
  changed: 'warning',
  unchanged: 'success',
  later: 'unknown',
  failed: 'error',
}

/** Offers an account with limited rights in place of the credential that was brought, and shows what is made for it. */
export function AccountCard({ account }: { account: AccountState }) {
  const { t } = useTranslation('joining')
  const describe = useProblemText()
  const { choice, plan } = account
  const failure = account.error && describe(account.error)
  const actForUsers = choice?.actForUsers ?? true
  return (
    <section className="md-card" aria-label={t('account.title')}>
      <header>
        <h2>{t('account.title')}</h2>
      </header>
      <div className="md-card-body md-stack">
        <p>{t('account.what')}</p>
        <Radio.Group
          aria-label={t('account.title')}
          value={choice?.level ?? KEEP}
          onChange={({ target }) => {
            const level = ACCOUNT_LEVELS.find((each) => each === target.value)
            account.onChoose(level && { level, actForUsers })
          }}
        >
          <div className="md-stack">
            <Radio value={KEEP}>
              {t('account.keep.name')} <span className="md-muted">{t('account.keep.what')}</span>
            </Radio>
            {ACCOUNT_LEVELS.map((level) => (
              <Radio key={level} value={level}>
                {t(`account.levels.${level}.name`)}{' '}
                <span className="md-muted">{t(`account.levels.${level}.what`)}</span>
              </Radio>
            ))}
          </div>
        </Radio.Group>
        {choice && (
          <>
            <Checkbox
              checked={choice.actForUsers}
              onChange={({ target }) => account.onChoose({ ...choice, actForUsers: target.checked })}
            >
              {t('account.actForUsers.name')} <span className="md-muted">{t('account.actForUsers.what')}</span>
            </Checkbox>
            <div className="md-buttons">
              <Button loading={account.isPlanning} onClick={account.onPlan}>
                {t('account.show')}
              </Button>
              {!account.isReady && plan === undefined && <span className="md-muted">{t('account.first')}</span>}
            </div>
          </>
        )}
        {failure && <FailureAlert failure={failure} />}
        {plan && <PlannedAccount plan={plan} />}
      </div>
    </section>
  )
}

function PlannedAccount({ plan }: { plan: AccountPlan }) {
  const { t } = useTranslation('joining')
  return (
    <div className="md-stack" role="status" aria-label={t('account.plan.title')}>
      {!plan.ok && <Alert type="error" showIcon title={t('account.plan.failed')} />}
      <table className="md-plain-table" aria-label={t('account.plan.title')}>
        <thead>
          <tr>
            <th scope="col">{t('account.plan.object')}</th>
            <th scope="col">{t('account.plan.result')}</th>
          </tr>
        </thead>
        <tbody>
          {plan.objects.map(({ kind, namespace, name, result, message }) => (
            <tr key={`${kind}/${name}`}>
              <th scope="row">
                {kind} {namespace === undefined ? name : `${namespace}/${name}`}
              </th>
              <td>
                <StatusDot tone={TONES[result]}>{t(`account.plan.results.${result}`)}</StatusDot>
                {message !== undefined && <div className="md-muted">{message}</div>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <details>
        <summary>{t('account.plan.yaml')}</summary>
        <CommandBox title={t('account.plan.yaml')} command={plan.yaml} />
      </details>
      <CommandBox command={plan.commands} />
    </div>
  )
}
