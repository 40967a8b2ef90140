import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation } from '@tanstack/react-router'
import Modal from 'antd/es/modal'
import { lazy, Suspense, use, useEffect, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { EventsContext } from '../../lib/events.ts'
import { useHost } from '../../lib/host.ts'
import { places } from '../../lib/places.ts'
import { sessionQueries } from '../../lib/session.ts'

const SignInForm = lazy(() => import('../pages/sign-in-form.tsx').then((module) => ({ default: module.SignInForm })))

/** Lets nobody in without a session. A session that ends while pages are open is renewed in a dialog, so that nothing typed is lost. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const query = useQuery(sessionQueries.current())
  const here = useLocation({ select: (location) => location.href })
  const events = use(EventsContext)
  const host = useHost()
  const signedIn = query.data?.session !== undefined && !query.data.ended

  useEffect(() => {
    if (!signedIn || !events) return
    events.start()
    return () => events.stop()
  }, [signedIn, events])

  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (query.isPending) return <LoadingState />
  if (!query.data.session) return <Navigate {...places.signIn(here)} replace />
  return (
    <>
      {children}
      <Modal open={query.data.ended} closable={false} footer={null} title={t('session.ended')} destroyOnHidden>
        {host?.controls.session === false ? (
          <p>{t('session.renewInHost')}</p>
        ) : (
          <Suspense fallback={<LoadingState rows={2} />}>
            <SignInForm />
          </Suspense>
        )}
      </Modal>
    </>
  )
}
