import ReloadOutlined from '@ant-design/icons/es/icons/ReloadOutlined'
import Button from 'antd/es/button'
import Select from 'antd/es/select'
import Tooltip from 'antd/es/tooltip'
import { useTranslation } from 'react-i18next'
import type { SetSearch } from '../../lib/search-params.ts'
import { InstantControl } from './instant-control.tsx'
import { WINDOWS, type TopologySearch } from './topology-search.ts'
import { useWindowName } from './window-name.ts'

export interface TimeControlsProps {
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  /** Unix seconds of the numbers on the page. */
  shown: number | undefined
  fetching: boolean
  stale: boolean
  onRefresh: () => void
}

/** When: how long the numbers are averaged over, at which instant, and asking again. */
export function TimeControls({ search, onSearch, shown, fetching, stale, onRefresh }: TimeControlsProps) {
  const { t } = useTranslation('topology')
  const windowName = useWindowName()
  const windows = WINDOWS.some((window) => window === search.window) ? [...WINDOWS] : [search.window, ...WINDOWS]
  return (
    <>
      <Select
        value={search.window}
        aria-label={t('toolbar.window')}
        options={windows.map((seconds) => ({
          value: seconds,
          label: t('toolbar.over', { window: windowName(seconds) }),
        }))}
        onChange={(window) => onSearch({ window })}
        popupMatchSelectWidth={false}
      />
      <InstantControl shown={shown} at={search.at} stale={stale} onChange={(at) => onSearch({ at })} />
      <Tooltip title={t('toolbar.refresh')}>
        <Button icon={<ReloadOutlined spin={fetching} />} aria-label={t('toolbar.refresh')} onClick={onRefresh} />
      </Tooltip>
    </>
  )
}
