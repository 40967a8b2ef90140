import Switch from 'antd/es/switch'
import { useTranslation } from 'react-i18next'
import type { SetSearch } from '../../lib/search-params.ts'
import type { MonitoringSearch } from './monitoring-search.ts'

export interface ExemplarsSwitchProps {
  search: MonitoringSearch
  onSearch: SetSearch<MonitoringSearch>
}

/** Whether single traced requests are shown over the lines. */
export function ExemplarsSwitch({ search, onSearch }: ExemplarsSwitchProps) {
  const { t } = useTranslation('exemplars')
  return (
    <label className="md-switch" title={t('what')}>
      <Switch size="small" checked={search.exemplars} onChange={(exemplars) => onSearch({ exemplars })} /> {t('switch')}
    </label>
  )
}
