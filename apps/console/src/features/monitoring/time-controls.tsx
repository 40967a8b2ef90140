import ReloadOutlined from '@ant-design/icons/es/icons/ReloadOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Popover from 'antd/es/popover'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import type { SetSearch } from '../../lib/search-params.ts'
import { fromLocalInput, toLocalInput } from '../../lib/local-time.ts'
import { isPinned, RANGE_NAMES, REFRESHES, type MonitoringSearch } from './monitoring-search.ts'

export interface TimeControlsProps {
  search: MonitoringSearch
  onSearch: SetSearch<MonitoringSearch>
  /** What is shown; undefined before the first answer. Unix seconds. */
  shown: { from: number; to: number } | undefined
  /** Seconds in force. */
  refreshSeconds: number
  fetching: boolean
  onRefresh: () => void
}

/** When: the last so many minutes, or a past time that was typed or drawn over a chart; and how often to ask again. */
export function TimeControls({ search, onSearch, shown, refreshSeconds, fetching, onRefresh }: TimeControlsProps) {
  const { t } = useTranslation('monitoring')
  const format = useFormat()
  const pinned = isPinned(search)
  const refreshes = REFRESHES.some((seconds) => seconds === refreshSeconds) ? REFRESHES : [refreshSeconds, ...REFRESHES]
  return (
    <div className="md-monitoring-time" role="group" aria-label={t('time.label')}>
      {pinned ? (
        <>
          <span className="md-monitoring-pinned">
            {format.dateTime(search.from * 1000)} – {format.dateTime(search.to * 1000)}
          </span>
          <Button onClick={() => onSearch(widened(search))}>{t('time.widen')}</Button>
          <Button onClick={() => onSearch({ from: 0, to: 0 })}>{t('time.live')}</Button>
        </>
      ) : (
        <Segmented
          aria-label={t('time.range')}
          value={search.range}
          options={RANGE_NAMES.map((name) => ({ value: name, label: t(`time.ranges.${name}`) }))}
          onChange={(range) => onSearch({ range })}
        />
      )}
      <Popover
        trigger="click"
        placement="bottomRight"
        destroyOnHidden
        title={t('time.custom')}
        content={<RangeForm shown={shown} onRange={(from, to) => onSearch({ from, to })} />}
      >
        <Button>{t('time.custom')}</Button>
      </Popover>
      <Select
        aria-label={t('time.refresh')}
        value={refreshSeconds}
        disabled={pinned}
        popupMatchSelectWidth={false}
        options={refreshes.map((seconds) => ({
          value: seconds,
          label: seconds === 0 ? t('time.off') : t('time.every', { count: seconds }),
        }))}
        onChange={(refresh) => onSearch({ refresh })}
      />
      <Button icon={<ReloadOutlined spin={fetching} />} aria-label={t('time.again')} onClick={onRefresh} />
    </div>
  )
}

/** Twice as long around the same middle, and no further than now. */
function widened({ from, to }: MonitoringSearch): { from: number; to: number } {
  const half = Math.ceil((to - from) / 2)
  return { from: Math.max(1, from - half), to: Math.min(Math.floor(Date.now() / 1000), to + half) }
}

function RangeForm({
  shown,
  onRange,
}: {
  shown: TimeControlsProps['shown']
  onRange: (from: number, to: number) => void
}) {
  const { t } = useTranslation('monitoring')
  const [from, setFrom] = useState(() => (shown === undefined ? '' : toLocalInput(shown.from)))
  const [to, setTo] = useState(() => (shown === undefined ? '' : toLocalInput(shown.to)))
  const [start, end] = [fromLocalInput(from), fromLocalInput(to)]
  const wrong = start === undefined || end === undefined ? 'incomplete' : start >= end ? 'order' : undefined
  return (
    <form
      className="md-monitoring-range"
      onSubmit={(event) => {
        event.preventDefault()
        if (start !== undefined && end !== undefined && wrong === undefined) onRange(start, end)
      }}
    >
      <label>
        {t('time.from')}
        <Input type="datetime-local" step={1} value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label>
        {t('time.to')}
        <Input type="datetime-local" step={1} value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      {wrong !== undefined && (
        <p className="md-fault" role="alert">
          {t(`time.wrong.${wrong}`)}
        </p>
      )}
      <Button type="primary" htmlType="submit" disabled={wrong !== undefined}>
        {t('time.show')}
      </Button>
    </form>
  )
}
