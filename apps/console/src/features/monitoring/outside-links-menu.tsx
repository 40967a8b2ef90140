import type { MonitoringChoices } from '@meshdeck/contract'
import type { Dashboard } from '@meshdeck/mesh/monitoring'
import Button from 'antd/es/button'
import { useTranslation } from 'react-i18next'
import type { MonitoringSearch } from './monitoring-search.ts'
import { tracesOf } from '../../lib/outside-links.ts'

export interface OutsideLinksProps {
  dashboard: Dashboard
  search: MonitoringSearch
  choices: MonitoringChoices | undefined
  /** Unix seconds. */
  shown: { from: number; to: number } | undefined
}

/** Ways on to the traces of what the page is about, where the mesh's record says where they are. */
export function OutsideLinks({ dashboard, search, choices, shown }: OutsideLinksProps) {
  const { t } = useTranslation('monitoring')
  const tracing = choices?.links.tracing
  if (tracing === undefined || shown === undefined || dashboard.subject === undefined || search.name === '') return null
  const service = `${search.name}.${search.namespace}`
  const address = tracesOf(tracing, { service, ...shown })
  if (address === undefined) return null
  return (
    <Button href={address} target="_blank" rel="noreferrer">
      {t('traces', { service })}
    </Button>
  )
}
