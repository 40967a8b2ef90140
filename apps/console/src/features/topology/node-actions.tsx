import type { TopologyNode } from '@meshdeck/contract'
import { clusterNode } from '@meshdeck/mesh'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import type { SetSearch } from '../../lib/search-params.ts'
import { namespaceGroupId } from './shape-graph.ts'
import type { TopologySearch } from './topology-search.ts'

export interface NodeActionsProps {
  node: TopologyNode
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
}

/** How else the graph can be looked at from a node: its surroundings, its namespace, its group as one. */
export function NodeActions({ node, search, onSearch }: NodeActionsProps) {
  const { t } = useTranslation('topology')
  const { id, type, namespace, cluster } = node
  const isGroup = search.collapsed.includes(id)
  // The panel goes on with the group, and takes the focus.
  const collapse = (group: string) => onSearch({ collapsed: [...search.collapsed, group], selected: group })
  return (
    <div className="md-topology-buttons">
      {/* One button for both, so that the focus stays where it was. */}
      <Button size="small" onClick={() => onSearch({ focus: search.focus === id ? '' : id })}>
        {t(search.focus === id ? 'focus.end' : 'actions.focus')}
      </Button>
      {namespace !== undefined && (
        <Button size="small" onClick={() => onSearch({ namespaces: [namespace] })}>
          {t('panel.onlyNamespace', { namespace })}
        </Button>
      )}
      {isGroup && (
        <Button
          size="small"
          onClick={() => onSearch({ collapsed: search.collapsed.filter((each) => each !== id), selected: '' })}
        >
          {t('actions.expand')}
        </Button>
      )}
      {namespace !== undefined && type !== 'namespace' && (
        <Button size="small" onClick={() => collapse(namespaceGroupId(cluster, namespace))}>
          {t('actions.collapse', { name: namespace })}
        </Button>
      )}
      {cluster !== undefined && type !== 'cluster' && (
        <Button size="small" onClick={() => collapse(clusterNode(cluster).id)}>
          {t('actions.collapse', { name: cluster })}
        </Button>
      )}
    </div>
  )
}
