import type { NamespaceView } from '@meshdeck/contract'
import Select from 'antd/es/select'
import Switch from 'antd/es/switch'
import { useTranslation } from 'react-i18next'
import { useMeshScope } from '../../lib/mesh-scope.ts'

export interface NamespaceFilterValue {
  clusters: string[]
  policies: string[]
  pending: boolean
  system: boolean
}

export interface NamespaceFiltersProps {
  value: NamespaceFilterValue
  onChange: (change: Partial<NamespaceFilterValue>) => void
}

const POLICIES: readonly NamespaceView['policy'][] = ['enabled', 'disabled', 'unset']

/** Narrows the list by cluster and policy, or to what waits for a restart; system namespaces only on demand. */
export function NamespaceFilters({ value, onChange }: NamespaceFiltersProps) {
  const { t } = useTranslation('namespaces')
  const { clusters } = useMeshScope()
  return (
    <>
      {clusters.length > 1 && (
        <Select
          mode="multiple"
          className="md-filter"
          value={value.clusters}
          options={clusters.map((name) => ({ value: name, label: name }))}
          placeholder={t('filters.allClusters')}
          aria-label={t('glossary:cluster')}
          maxTagCount="responsive"
          allowClear
          onChange={(next) => onChange({ clusters: next })}
        />
      )}
      <Select
        mode="multiple"
        className="md-filter"
        value={value.policies}
        options={POLICIES.map((policy) => ({ value: policy, label: t(`states.${policy}`) }))}
        placeholder={t('filters.allPolicies')}
        aria-label={t('columns.state')}
        maxTagCount="responsive"
        allowClear
        onChange={(next) => onChange({ policies: next })}
      />
      <label className="md-switch">
        <Switch size="small" checked={value.pending} onChange={(pending) => onChange({ pending })} />{' '}
        {t('columns.pending')}
      </label>
      <label className="md-switch">
        <Switch size="small" checked={value.system} onChange={(system) => onChange({ system })} /> {t('filters.system')}
      </label>
    </>
  )
}
