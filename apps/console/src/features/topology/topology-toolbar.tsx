import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { SearchBox } from '../../components/search-box.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { NamespaceFilter } from '../../resource-kit/resource-filters.tsx'
import { DisplaySettings } from './display-settings.tsx'
import { TOPOLOGY_VIEWS, type TopologySearch } from './topology-search.ts'

export interface TopologyToolbarProps {
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  /** How many nodes the search finds. */
  found: number | undefined
}

/** What is shown: filters on the left, picture or table on the right. */
export function TopologyToolbar({ search, onSearch, found }: TopologyToolbarProps) {
  const { t } = useTranslation('topology')
  const { clusters } = useMeshScope()
  return (
    <div className="md-topology-toolbar" role="group" aria-label={t('toolbar.label')}>
      <Select
        value={search.view}
        aria-label={t('toolbar.view')}
        options={TOPOLOGY_VIEWS.map((view) => ({ value: view, label: t(`views.${view}`) }))}
        onChange={(view) => onSearch({ view, selected: '' })}
        popupMatchSelectWidth={false}
      />
      <NamespaceFilter value={search.namespaces} onChange={(namespaces) => onSearch({ namespaces })} />
      {clusters.length > 1 && (
        <MultiFilter
          label={t('glossary:cluster')}
          all={t('toolbar.allClusters')}
          value={search.clusters}
          options={asOptions(clusters)}
          onChange={(next) => onSearch({ clusters: next })}
        />
      )}
      <SearchBox
        value={search.find}
        placeholder={t('toolbar.find')}
        onChange={(find) => onSearch({ find }, { replace: true })}
      />
      <span role="status" className="md-muted">
        {found !== undefined && t('toolbar.found', { count: found })}
      </span>
      <DisplaySettings search={search} onSearch={onSearch} />
      <span className="md-topology-right">
        <Segmented
          value={search.display}
          aria-label={t('toolbar.display')}
          options={[
            { value: 'graph', label: t('toolbar.graph') },
            {
              value: 'table',
              label: (
                <>
                  {t('toolbar.table')} <kbd>t</kbd>
                </>
              ),
            },
          ]}
          onChange={(display) => onSearch({ display: display === 'table' ? 'table' : 'graph' })}
        />
      </span>
    </div>
  )
}
