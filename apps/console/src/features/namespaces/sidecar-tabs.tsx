import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places, type Place } from '../../lib/places.ts'
import { restartPlaces } from '../../lib/restart-places.ts'

const TABS = ['global', 'namespaces', 'workloads', 'restarts'] as const
type Tab = (typeof TABS)[number]

/** Between what holds for all sidecars the two lists of them, and their restarts. */
export function SidecarTabs({ current }: { current: Tab }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const tabs: Record<Tab, Place> = {
    global: places.sidecarGlobal(mesh),
    namespaces: places.sidecarNamespaces(mesh),
    workloads: places.sidecarWorkloads(mesh),
    restarts: restartPlaces.list(mesh),
  }
  return (
    <nav className="md-links" aria-label={t('tabs.label')}>
      {TABS.map((tab) => (
        <AppLink key={tab} place={tabs[tab]} {...(tab === current ? { 'aria-current': 'page' as const } : {})}>
          {t(`tabs.${tab}`)}
        </AppLink>
      ))}
    </nav>
  )
}
