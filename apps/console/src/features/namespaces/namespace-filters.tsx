import type { NamespaceView } from '@meshdeck/contract'
import { DISCOVERY_SCOPES } from '@meshdeck/mesh'
import Switch from 'antd/es/switch'
import { useTranslation } from 'react-i18next'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'

export interface NamespaceFilterValue {
  clusters: string[]
  policies: string[]
  scopes: string[]
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
        <MultiFilter
          label={t('glossary:cluster')}
          all={t('filters.allClusters')}
          value={value.clusters}
          options={asOptions(clusters)}
          onChange={(next) => onChange({ clusters: next })}
        />
      )}
      <MultiFilter
        label={t('columns.state')}
        all={t('filters.allPolicies')}
        value={value.policies}
        options={POLICIES.map((policy) => ({ value: policy, label: t(`states.${policy}`) }))}
        onChange={(next) => onChange({ policies: next })}
      />
      <MultiFilter
        label={t('discovery.column')}
        all={t('discovery.any')}
        value={value.scopes}
        options={DISCOVERY_SCOPES.map((scope) => ({
          value: scope,
          label: t(`discovery.scopes.${scope}.name`),
        }))}
        onChange={(next) => onChange({ scopes: next })}
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
