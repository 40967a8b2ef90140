import { DASHBOARDS } from '@meshdeck/mesh/monitoring'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { keptSearch, type MonitoringSearch } from './monitoring-search.ts'

/** The pages for queries of one's own, and for the rules that make the dashboards cheap. */
const MORE = ['explore', 'recording-rules']

/** From dashboard to dashboard, at the same time and in the same cluster. */
export function DashboardTabs({ current, search }: { current: string; search: MonitoringSearch }) {
  const { t } = useTranslation('monitoring')
  const { mesh } = useMeshScope()
  const { namespace } = search
  const kept = { ...keptSearch(search), ...(namespace === '' ? {} : { namespace }) }
  return (
    <nav className="md-links md-monitoring-tabs" aria-label={t('tabs.label')}>
      {[...DASHBOARDS.map(({ id }) => id), ...MORE].map((id) => (
        <AppLink
          key={id}
          place={places.monitoring(mesh, id, kept)}
          {...(id === current ? { 'aria-current': 'page' as const } : {})}
        >
          {t(`tabs.${id}`)}
        </AppLink>
      ))}
    </nav>
  )
}
