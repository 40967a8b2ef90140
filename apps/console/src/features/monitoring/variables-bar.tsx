import type { MonitoringChoices } from '@meshdeck/contract'
import { QUANTILES, REPORTERS, type Dashboard } from '@meshdeck/mesh/monitoring'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import type { SetSearch } from '../../lib/search-params.ts'
import type { MonitoringSearch } from './monitoring-search.ts'

export interface VariablesBarProps {
  dashboard: Dashboard
  choices: MonitoringChoices | undefined
  search: MonitoringSearch
  onSearch: SetSearch<MonitoringSearch>
}

/** What the panels are about, and as whom seen. A name that is not offered, as of something gone, stays chosen. */
export function VariablesBar({ dashboard, choices, search, onSearch }: VariablesBarProps) {
  const { t } = useTranslation('monitoring')
  const { subject, id } = dashboard
  const names = (subject === 'service' ? choices?.services : choices?.workloads) ?? []
  return (
    <div className="md-monitoring-variables" role="group" aria-label={t('variables.label')}>
      {(choices?.clusters.length ?? 0) > 1 && (
        <Chooser
          label={t('glossary:cluster')}
          all={t('variables.allClusters')}
          value={search.cluster}
          names={choices?.clusters ?? []}
          onChange={(cluster) => onSearch({ cluster })}
        />
      )}
      {subject !== undefined && (
        <>
          <Chooser
            label={t('glossary:namespace')}
            value={search.namespace}
            names={choices?.namespaces ?? []}
            onChange={(namespace) => onSearch({ namespace, name: '', peers: [] })}
          />
          <Chooser
            label={t(`variables.${subject}`)}
            value={search.name}
            names={names}
            disabled={search.namespace === ''}
            onChange={(name) => onSearch({ name })}
          />
          <Select
            aria-label={t('variables.reporter')}
            value={search.reporter}
            popupMatchSelectWidth={false}
            options={REPORTERS.map((reporter) => ({ value: reporter, label: t(`reporters.${reporter}`) }))}
            onChange={(reporter) => onSearch({ reporter })}
          />
          <MultiFilter
            label={t('variables.peerNamespaces')}
            all={t('variables.allPeers')}
            value={search.peerNamespaces}
            options={asOptions(choices?.namespaces ?? [])}
            onChange={(peerNamespaces) => onSearch({ peerNamespaces })}
          />
        </>
      )}
      {(id === 'control-plane' || id === 'performance') && (choices?.revisions.length ?? 0) > 1 && (
        <Chooser
          label={t('variables.revision')}
          all={t('variables.allRevisions')}
          value={search.revision}
          names={choices?.revisions ?? []}
          onChange={(revision) => onSearch({ revision })}
        />
      )}
      {id !== 'performance' && id !== 'ztunnel' && (
        <Select
          mode="multiple"
          className="md-monitoring-quantiles"
          aria-label={t('variables.quantiles')}
          value={search.quantiles}
          options={QUANTILES.map((quantile) => ({ value: String(quantile), label: `p${quantile * 100}` }))}
          // The last one stays: a chart of nothing says nothing.
          onChange={(quantiles: string[]) => quantiles.length > 0 && onSearch({ quantiles: quantiles.toSorted() })}
        />
      )}
    </div>
  )
}

interface ChooserProps {
  label: string
  /** Offered as the choice of none, where none stands for all. */
  all?: string
  value: string
  names: readonly string[]
  disabled?: boolean
  onChange: (value: string) => void
}

function Chooser({ label, all, value, names, disabled = false, onChange }: ChooserProps) {
  const { t } = useTranslation('monitoring')
  const known = value === '' || names.includes(value) ? names : [value, ...names]
  return (
    <Select
      showSearch
      className="md-monitoring-chooser"
      aria-label={label}
      placeholder={t('variables.choose', { what: label })}
      value={value === '' && all === undefined ? null : value}
      disabled={disabled}
      popupMatchSelectWidth={false}
      options={[...(all === undefined ? [] : [{ value: '', label: all }]), ...asOptions(known)]}
      onChange={(next) => onChange(next ?? '')}
    />
  )
}
