import type { ClusterFailure } from '@meshdeck/contract'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { isMetricsFailure } from './metrics-failures.tsx'
import type { TopologySearch } from './topology-search.ts'
import { useWindowName } from './window-name.ts'

export interface EmptyTopologyProps {
  search: TopologySearch
  failures: readonly ClusterFailure[]
  onSearch: SetSearch<TopologySearch>
}

const LONG_SECONDS = 3600

/** Nothing to draw: because nobody could be asked, because of the filters, or because nothing was called. Says what to do about it. */
export function EmptyTopology({ search, failures, onSearch }: EmptyTopologyProps) {
  const { t } = useTranslation('topology')
  const { mesh, clusters } = useMeshScope()
  const windowName = useWindowName()
  const blind = new Set(failures.filter(isMetricsFailure).map(({ cluster }) => cluster))
  const asked = search.clusters.length > 0 ? search.clusters : clusters
  if (blind.size > 0 && asked.every((cluster) => blind.has(cluster))) {
    return (
      <EmptyState
        title={t('noMetrics.title')}
        action={<AppLink place={places.meshClusters(mesh)}>{t('noMetrics.action')}</AppLink>}
      >
        {t('noMetrics.hint')}
      </EmptyState>
    )
  }
  const filtered = search.namespaces.length > 0 || search.clusters.length > 0
  return (
    <EmptyState
      title={t('empty.title', { window: windowName(search.window) })}
      action={
        <span className="md-topology-buttons">
          {filtered && (
            <Button type="primary" onClick={() => onSearch({ namespaces: [], clusters: [] })}>
              {t('empty.everywhere')}
            </Button>
          )}
          {search.at !== 0 && <Button onClick={() => onSearch({ at: 0 })}>{t('instant.follow')}</Button>}
          {search.window < LONG_SECONDS && (
            <Button onClick={() => onSearch({ window: LONG_SECONDS })}>
              {t('empty.longer', { window: windowName(LONG_SECONDS) })}
            </Button>
          )}
          {!search.idle && <Button onClick={() => onSearch({ idle: true })}>{t('empty.idle')}</Button>}
          <AppLink place={places.sidecarNamespaces(mesh)}>{t('empty.sidecars')}</AppLink>
        </span>
      }
    >
      {t('empty.hint')}
    </EmptyState>
  )
}
