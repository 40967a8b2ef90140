import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useHost } from '../../lib/host.ts'
import { param, readQueryString, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { sessionQueries } from '../../lib/session.ts'
import { Logo } from '../shell/logo.tsx'
import { SignInForm } from './sign-in-form.tsx'

const schema = searchSchema({ return: param.text('/meshes') })

/** Where somebody without a session arrives. */
export function SignInPage() {
  const { t } = useTranslation()
  const host = useHost()
  const [search] = usePageSearch(schema)
  const session = useQuery(sessionQueries.current())
  const windowTitle = t('session.title')
  useEffect(() => host?.onTitle(windowTitle), [host, windowTitle])
  // Only a path of ours: a link from elsewhere must not send people on to another site after they signed in.
  const asked = /^\/(?![/\\])/.test(search.return) ? new URL(search.return, window.location.origin) : undefined
  const target = { to: asked?.pathname ?? '/meshes', search: readQueryString(asked?.search ?? ''), replace: true }
  if (session.data?.session) return <Navigate {...target} />
  return (
    <main className="md-sign-in-page">
      <div className="md-card md-sign-in-card">
        <h1>
          <Logo /> {windowTitle}
        </h1>
        <SignInForm />
      </div>
    </main>
  )
}
