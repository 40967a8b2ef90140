import CloseOutlined from '@ant-design/icons/es/icons/CloseOutlined'
import Button from 'antd/es/button'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import type { SetSearch } from '../../lib/search-params.ts'
import { DIRECTIONS, type TopologySearch } from './topology-search.ts'

export interface FocusBarProps {
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  /** Name of the node whose surroundings are shown. */
  name: string
  /** How many nodes there are, when they are grouped because they are too many. */
  grouped: number | undefined
}

const HOPS = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/** Says that only a part of the graph is shown, how large it is, and how to see all of it again. */
export function FocusBar({ search, onSearch, name, grouped }: FocusBarProps) {
  const { t } = useTranslation('topology')
  const { focus, hops, direction, collapsed } = search
  if (focus === '' && collapsed.length === 0) return null
  return (
    <div className="md-topology-focus" role="group" aria-label={t('focus.label')}>
      {focus !== '' && (
        <>
          <span>{t('focus.around', { name })}</span>
          <Select
            size="small"
            value={hops}
            aria-label={t('focus.hops')}
            options={HOPS.map((value) => ({ value, label: t('focus.count', { count: value }) }))}
            onChange={(value) => onSearch({ hops: value })}
            popupMatchSelectWidth={false}
          />
          <Select
            size="small"
            value={direction}
            aria-label={t('focus.direction')}
            options={DIRECTIONS.map((value) => ({ value, label: t(`focus.${value}`) }))}
            onChange={(value) => onSearch({ direction: value })}
            popupMatchSelectWidth={false}
          />
          <Button size="small" icon={<CloseOutlined />} onClick={() => onSearch({ focus: '' })}>
            {t('focus.end')}
          </Button>
        </>
      )}
      {grouped !== undefined && <span>{t('focus.grouped', { count: grouped })}</span>}
      {collapsed.length > 0 && (
        <Button size="small" onClick={() => onSearch({ collapsed: [] })}>
          {t('focus.expandAll', { count: collapsed.length })}
        </Button>
      )}
    </div>
  )
}
