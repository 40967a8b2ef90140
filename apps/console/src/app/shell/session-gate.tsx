import { useQuery } from '@tanstack/react-query'
import { Navigate, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, use, useEffect, type ReactNode } from 'react'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { EventsContext } from '../../lib/events.ts'
import { places } from '../../lib/places.ts'
import { sessionQueries } from '../../lib/session.ts'

const SessionDialog = lazy(() => import('./session-dialog.tsx').then((module) => ({ default: module.SessionDialog })))

/** Lets nobody in without a session. A session that ends while pages are open is renewed in a dialog, so that nothing typed is lost. */
export function SessionGate({ children }: { children: ReactNode }) {
  const query = useQuery(sessionQueries.current())
  const here = useLocation({ select: (location) => location.href })
  const events = use(EventsContext)
  const signedIn = query.data?.session !== undefined && !query.data.ended

  useEffect(() => {
    if (!signedIn || !events) return
    events.start()
    return () => events.stop()
  }, [signedIn, events])

  // A question that failed later takes nothing away: what is typed below would be lost.
  if (!query.data && query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <LoadingState />
  if (!query.data.session) return <Navigate {...places.signIn(here)} replace />
  return (
    <>
      {children}
      {query.data.ended && (
        <Suspense fallback={null}>
          <SessionDialog />
        </Suspense>
      )}
    </>
  )
}
