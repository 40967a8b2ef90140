import { useMutation, useQueryClient } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { renewSession } from '../../lib/session.ts'

/** For a session that nobody can renew here: says who can, and asks again whether it was done. */
export function SessionRenewal({ children }: { children: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const renew = useMutation({ mutationFn: () => renewSession(client) })
  return (
    <div className="md-sign-in">
      <p>{children}</p>
      <Button loading={renew.isPending} onClick={() => renew.mutate()}>
        {t('actions.retry')}
      </Button>
    </div>
  )
}
