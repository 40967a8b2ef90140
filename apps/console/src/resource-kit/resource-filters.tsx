import { useQuery } from '@tanstack/react-query'
import Select from 'antd/es/select'
import { useTranslation } from 'react-i18next'
import { LabelFilter } from '../components/label-filter.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { resourceQueries } from './resource-queries.ts'

export interface ResourceFilterValue {
  namespaces: string[]
  clusters: string[]
  labels: string
}

export interface ResourceFiltersProps {
  namespaced: boolean
  value: ResourceFilterValue
  onChange: (change: Partial<ResourceFilterValue>) => void
}

/** Narrows a list by namespace, cluster and label. */
export function ResourceFilters({ namespaced, value, onChange }: ResourceFiltersProps) {
  const { t } = useTranslation('resources')
  const { clusters } = useMeshScope()
  return (
    <>
      {namespaced && <NamespaceFilter value={value.namespaces} onChange={(namespaces) => onChange({ namespaces })} />}
      {clusters.length > 1 && (
        <Select
          mode="multiple"
          className="md-filter"
          value={value.clusters}
          options={clusters.map((name) => ({ value: name, label: name }))}
          placeholder={t('list.allClusters')}
          aria-label={t('glossary:cluster')}
          maxTagCount="responsive"
          allowClear
          onChange={(next) => onChange({ clusters: next })}
        />
      )}
      <LabelFilter value={value.labels} onChange={(labels) => onChange({ labels })} />
    </>
  )
}

/** Chooses among the namespaces of the mesh. */
export function NamespaceFilter({ value, onChange }: { value: string[]; onChange: (namespaces: string[]) => void }) {
  const { t } = useTranslation('resources')
  const { mesh } = useMeshScope()
  const known = useQuery(resourceQueries.namespaces(mesh))
  const names = [...new Set((known.data ?? []).map((place) => place.namespace))].toSorted()
  return (
    <Select
      mode="multiple"
      className="md-filter"
      value={value}
      loading={known.isPending}
      options={names.map((name) => ({ value: name, label: name }))}
      placeholder={t('list.allNamespaces')}
      aria-label={t('glossary:namespace')}
      maxTagCount="responsive"
      allowClear
      onChange={onChange}
    />
  )
}
