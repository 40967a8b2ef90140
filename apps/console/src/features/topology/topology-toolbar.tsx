import FullscreenExitOutlined from '@ant-design/icons/es/icons/FullscreenExitOutlined'
import FullscreenOutlined from '@ant-design/icons/es/icons/FullscreenOutlined'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { NamespaceFilter } from '../../resource-kit/resource-filters.tsx'
import { DisplaySettings } from './display-settings.tsx'
import { ExpressionField } from './expression-field.tsx'
import { ExpressionHelp } from './expression-help.tsx'
import type { Found } from './graph-index.ts'
import type { ReadExpression } from './read-expression.ts'
import { SavedViews } from './saved-views.tsx'
import { TOPOLOGY_VIEWS, type TopologySearch } from './topology-search.ts'

export interface TopologyToolbarProps {
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  /** Ids of the namespaces that could be shown as one node each. */
  groups: readonly string[]
  find: ReadExpression
  hide: ReadExpression
  found: Found | undefined
  /** An expression asks for latency, and none is asked of Prometheus. */
  needsLatency: boolean
  /** Whether the graph fills the screen. */
  full: boolean
  onFull: () => void
}

/** What is shown: filters on the left, picture or table on the right. */
export function TopologyToolbar(props: TopologyToolbarProps) {
  const { search, onSearch, groups, find, hide, found, needsLatency, full, onFull } = props
  const { t } = useTranslation('topology')
  const { clusters } = useMeshScope()
  const foundText =
    found &&
    t('toolbar.found', {
      nodes: t('count.nodes', { count: found.nodes.size }),
      edges: t('count.edges', { count: found.edges.size }),
    })
  return (
    <>
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
        <ExpressionField
          value={search.find}
          read={find}
          placeholder={t('toolbar.find')}
          onChange={(text) => onSearch({ find: text }, { replace: true })}
        />
        <ExpressionField
          value={search.hide}
          read={hide}
          placeholder={t('toolbar.hide')}
          onChange={(text) => onSearch({ hide: text }, { replace: true })}
        />
        <ExpressionHelp onFind={(text) => onSearch({ find: text })} />
        <span role="status" className="md-topology-found md-muted" title={foundText}>
          {foundText}
        </span>
        <span className="md-topology-right">
          <DisplaySettings search={search} onSearch={onSearch} groups={groups} />
          <Button
            icon={full ? <FullscreenExitOutlined /> : <FullscreenOutlined />}
            aria-label={t('toolbar.full')}
            aria-pressed={full}
            title={t('toolbar.full')}
            onClick={onFull}
          />
          <SavedViews search={search} onSearch={onSearch} />
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
      <p role="status" className="md-topology-note md-muted">
        {needsLatency && t('toolbar.needsLatency')}
      </p>
    </>
  )
}
