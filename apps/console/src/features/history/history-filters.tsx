import type { HistoryPage } from '@meshdeck/contract'
import Checkbox from 'antd/es/checkbox'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { HISTORY_RANGES, type HistoryRange } from '../../resource-kit/history-queries.ts'
import { NamespaceFilter } from '../../resource-kit/resource-filters.tsx'

export interface HistoryFilterValue {
  namespaces: string[]
  clusters: string[]
  kinds: string[]
  authors: string[]
  tools: string[]
  range: HistoryRange
  baselines: boolean
}

export const NO_FILTERS: HistoryFilterValue = {
  namespaces: [],
  clusters: [],
  kinds: [],
  authors: [],
  tools: [],
  range: 'all',
  baselines: false,
}

export interface HistoryFiltersProps {
  value: HistoryFilterValue
  page: HistoryPage | undefined
  onChange: (change: Partial<HistoryFilterValue>) => void
}

/** Narrows the history by place, kind, author, tool and time. */
export function HistoryFilters({ value, page, onChange }: HistoryFiltersProps) {
  const { t } = useTranslation('history')
  const { clusters } = useMeshScope()
  const counted = (counts: HistoryPage['authors'] = [], word = (name: string): string => name) =>
    counts.map(({ name, count }) => ({ value: name, label: `${word(name)} (${count})` }))
  return (
    <>
      <Select<HistoryRange>
        className="md-filter"
        aria-label={t('filters.range')}
        value={value.range}
        options={HISTORY_RANGES.map((range) => ({ value: range, label: t(`ranges.${range}`) }))}
        onChange={(range) => onChange({ range })}
      />
      <NamespaceFilter value={value.namespaces} onChange={(namespaces) => onChange({ namespaces })} />
      {clusters.length > 1 && (
        <MultiFilter
          label={t('glossary:cluster')}
          all={t('filters.allClusters')}
          value={value.clusters}
          options={asOptions(clusters)}
          onChange={(next) => onChange({ clusters: next })}
        />
      )}
      <MultiFilter
        label={t('filters.kind')}
        all={t('filters.allKinds')}
        value={value.kinds}
        options={counted(page?.kinds)}
        onChange={(kinds) => onChange({ kinds })}
      />
      <MultiFilter
        label={t('filters.author')}
        all={t('filters.allAuthors')}
        value={value.authors}
        options={counted(page?.authors)}
        onChange={(authors) => onChange({ authors })}
      />
      <MultiFilter
        label={t('filters.tool')}
        all={t('filters.allTools')}
        value={value.tools}
        options={counted(page?.tools, (tool) => t(`tools.${tool}`, { defaultValue: tool }))}
        onChange={(tools) => onChange({ tools })}
      />
      <Checkbox checked={value.baselines} onChange={({ target }) => onChange({ baselines: target.checked })}>
        {t('filters.baselines')}
      </Checkbox>
    </>
  )
}
