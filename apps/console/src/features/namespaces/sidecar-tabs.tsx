import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'

/** Between the two lists of sidecars. */
export function SidecarTabs({ current }: { current: 'namespaces' | 'workloads' }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const tabs = { namespaces: places.sidecarNamespaces(mesh), workloads: places.sidecarWorkloads(mesh) } as const
  return (
    <nav className="md-links" aria-label={t('tabs.label')}>
      {(['namespaces', 'workloads'] as const).map((tab) => (
        <AppLink key={tab} place={tabs[tab]} {...(tab === current ? { 'aria-current': 'page' as const } : {})}>
          {t(`tabs.${tab}`)}
        </AppLink>
      ))}
    </nav>
  )
}
