import type { ServiceView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { MultiFilter } from '../../components/multi-filter.tsx'
import { ResourceFilters, type ResourceFilterValue } from '../../resource-kit/resource-filters.tsx'

export interface ServiceFilterValue extends ResourceFilterValue {
  statuses: string[]
}

export interface ServiceFiltersProps {
  value: ServiceFilterValue
  onChange: (change: Partial<ServiceFilterValue>) => void
}

const STATUSES: readonly ServiceView['status'][] = ['error', 'warning', 'running']

/** Narrows the list by namespace, cluster, label and health. */
export function ServiceFilters({ value, onChange }: ServiceFiltersProps) {
  const { t } = useTranslation('services')
  return (
    <>
      <ResourceFilters namespaced value={value} onChange={onChange} />
      <MultiFilter
        label={t('columns.health')}
        all={t('filters.allHealth')}
        value={value.statuses}
        options={STATUSES.map((status) => ({ value: status, label: t(`health.${status}`) }))}
        onChange={(statuses) => onChange({ statuses })}
      />
    </>
  )
}
