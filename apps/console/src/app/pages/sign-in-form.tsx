import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useId, useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { useHost } from '../../lib/host.ts'
import { sessionQueries, useSignIn } from '../../lib/session.ts'
import { SessionRenewal } from './session-renewal.tsx'

/** Asks for a bearer token. It goes to the BFF once and comes back as a cookie that no script can read. */
export function SignInForm() {
  const { t } = useTranslation()
  const id = useId()
  const host = useHost()
  const modes = useQuery(sessionQueries.modes())
  const signIn = useSignIn()
  const describe = useProblemText()
  const [token, setToken] = useState('')
  if (host?.controls.session === false) return <SessionRenewal>{t('session.renewInHost')}</SessionRenewal>
  if (modes.isError) return <ErrorState error={modes.error} onRetry={() => void modes.refetch()} />
  if (modes.isPending) return <LoadingState rows={2} />
  if (!modes.data.modes.includes('bearer')) return <SessionRenewal>{t('session.noMode')}</SessionRenewal>

  const handleSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate({ token: token.trim() })
  }
  const failure = signIn.error && describe(signIn.error)
  return (
    <form className="md-sign-in" onSubmit={handleSubmit}>
      <label htmlFor={id}>{t('session.token')}</label>
      <Input.Password
        id={id}
        value={token}
        autoFocus
        autoComplete="off"
        aria-describedby={`${id}-help`}
        onChange={(event) => setToken(event.target.value)}
      />
      <p id={`${id}-help`} className="md-muted">
        {t('session.tokenHelp')} <code>kubectl create token NAME</code>
      </p>
      {failure && <FailureAlert failure={failure} />}
      <Button type="primary" htmlType="submit" loading={signIn.isPending} disabled={token.trim() === ''}>
        {t('session.signIn')}
      </Button>
    </form>
  )
}
