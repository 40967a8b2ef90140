import { Outlet, useNavigate, useParams, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '../../components/states.tsx'
import { ErrorBoundary } from '../../components/error-boundary.tsx'
import { useHost } from '../../lib/host.ts'
import { places } from '../../lib/places.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { SandboxStrip } from './sandbox-strip.tsx'
import { SessionGate } from './session-gate.tsx'
import { TopBar } from './top-bar.tsx'

const HelpDialog = lazy(() => import('./help-dialog.tsx').then((module) => ({ default: module.HelpDialog })))

/** The frame around every page that needs a session. */
export function Shell() {
  const { t } = useTranslation()
  const [help, setHelp] = useState(false)
  const host = useHost()
  const navigate = useNavigate()
  const { mesh }: { mesh?: string } = useParams({ strict: false })
  useFocusOnNavigation()
  useShortcuts(
    {
      '/': () =>
        host?.root.querySelector<HTMLInputElement>('main input[type="search"], main .ant-input-search input')?.focus(),
      '?': () => setHelp(true),
      'g m': () => void navigate(places.meshes()),
      'g c': () => void navigate(mesh === undefined ? places.clusters() : places.meshClusters(mesh)),
      ...(mesh === undefined
        ? {}
        : {
            'g t': () => void navigate(places.topology(mesh)),
            'g s': () => void navigate(places.services(mesh)),
          }),
    },
    host?.root ?? null,
  )
  return (
    <div className="md-shell">
      <button type="button" className="md-skip" onClick={() => host?.root.querySelector<HTMLElement>('main')?.focus()}>
        {t('shell.skip')}
      </button>
      <SessionGate>
        <SandboxStrip />
        <TopBar onHelp={() => setHelp(true)} />
        <ErrorBoundary fallback={(error, reset) => <ErrorState error={error} onRetry={reset} />}>
          <Outlet />
        </ErrorBoundary>
        {help && (
          <Suspense fallback={null}>
            <HelpDialog onClose={() => setHelp(false)} />
          </Suspense>
        )}
      </SessionGate>
    </div>
  )
}

/** A new page is a new place to read from: its heading takes the focus, so that keyboards and screen readers follow. */
function useFocusOnNavigation(): void {
  const router = useRouter()
  const host = useHost()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return
        const main = host?.root.querySelector<HTMLElement>('main')
        // A tab that was struck, or a field of the page, is still there: who works on it must not be torn away.
        if (document.activeElement !== main && main?.contains(document.activeElement)) return
        const heading = main?.querySelector<HTMLElement>('h1') ?? main
        heading?.focus({ preventScroll: true })
      }),
    [router, host],
  )
}
