import SettingOutlined from '@ant-design/icons/es/icons/SettingOutlined'
import Button from 'antd/es/button'
import Checkbox from 'antd/es/checkbox'
import Popover from 'antd/es/popover'
import Select from 'antd/es/select'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { SetSearch } from '../../lib/search-params.ts'
import { useLatencyHeading } from './latency-name.ts'
import { LATENCIES, REPORTERS, type TopologySearch } from './topology-search.ts'
import { useReducedMotion } from './use-reduced-motion.ts'

export interface DisplaySettingsProps {
  search: TopologySearch
  onSearch: SetSearch<TopologySearch>
  /** Ids of the namespaces that could be shown as one node each. */
  groups: readonly string[]
}

/** What the numbers are made of, and what is shown without any. */
export function DisplaySettings(props: DisplaySettingsProps) {
  const { t } = useTranslation('topology')
  return (
    <Popover trigger="click" placement="bottomRight" content={<SettingsForm {...props} />}>
      <Button icon={<SettingOutlined />} aria-label={t('displaySettings.button')} title={t('displaySettings.button')} />
    </Popover>
  )
}

function SettingsForm({ search, onSearch, groups }: DisplaySettingsProps) {
  const { t } = useTranslation('topology')
  const latencyHeading = useLatencyHeading()
  const hints = useId()
  const calm = useReducedMotion()
  return (
    <div className="md-topology-settings" role="group" aria-label={t('displaySettings.button')}>
      <span className="md-topology-setting">
        {t('displaySettings.latency')}
        <Select
          value={search.latency}
          aria-label={t('displaySettings.latency')}
          aria-describedby={`${hints}-latency`}
          options={LATENCIES.map((latency) => ({
            value: latency,
            label: latency === 'none' ? t('latency.none') : latencyHeading(latency),
          }))}
          onChange={(latency) => onSearch({ latency })}
          popupMatchSelectWidth={false}
        />
      </span>
      <p id={`${hints}-latency`} className="md-muted">
        {t('displaySettings.latencyHint')}
      </p>
      <span className="md-topology-setting">
        {t('displaySettings.reporter')}
        <Select
          value={search.reporter}
          aria-label={t('displaySettings.reporter')}
          aria-describedby={`${hints}-reporter`}
          options={REPORTERS.map((reporter) => ({ value: reporter, label: t(`reporter.${reporter}`) }))}
          onChange={(reporter) => onSearch({ reporter })}
          popupMatchSelectWidth={false}
        />
      </span>
      <p id={`${hints}-reporter`} className="md-muted">
        {t('displaySettings.reporterHint')}
      </p>
      <Checkbox checked={search.idle} onChange={(event) => onSearch({ idle: event.target.checked })}>
        {t('toolbar.idle')}
      </Checkbox>
      {!calm && (
        <Checkbox
          checked={search.motion === 'on'}
          onChange={(event) => onSearch({ motion: event.target.checked ? 'on' : 'off' })}
        >
          {t('displaySettings.motion')}
        </Checkbox>
      )}
      {groups.length > 0 && (
        <Button onClick={() => onSearch({ collapsed: [...groups], selected: '' })}>
          {t('displaySettings.collapse')}
        </Button>
      )}
    </div>
  )
}
