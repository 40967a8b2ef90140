import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../lib/session.ts'

const SandboxDialog = lazy(() => import('./sandbox-dialog.tsx').then((module) => ({ default: module.SandboxDialog })))

/** Says on every page that nothing here is real, where that is so. */
export function SandboxStrip() {
  const { t } = useTranslation()
  const sandbox = useSession()?.sandbox
  const [open, setOpen] = useState(false)
  if (!sandbox) return null
  return (
    <aside className="md-sandbox-strip" aria-label={t('sandbox.name')}>
      <span>{t('sandbox.strip', { fleet: sandbox.fleet })}</span>
      <button type="button" onClick={() => setOpen(true)}>
        {t('sandbox.connect')}
      </button>
      {open && (
        <Suspense fallback={null}>
          <SandboxDialog sandbox={sandbox} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </aside>
  )
}
