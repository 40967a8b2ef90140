import { kindOf, type KindId } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { asOptions, MultiFilter } from '../components/multi-filter.tsx'
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
        <MultiFilter
          label={t('glossary:cluster')}
          all={t('list.allClusters')}
          value={value.clusters}
          options={asOptions(clusters)}
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
    <MultiFilter
      label={t('glossary:namespace')}
      all={t('list.allNamespaces')}
      value={value}
      options={asOptions(names)}
      loading={known.isPending}
      onChange={onChange}
    />
  )
}

/** Chooses among what the objects of a kind can have; nothing for kinds that are not told apart by it. */
export function TraitFilter({
  kind,
  value,
  onChange,
}: {
  kind: KindId
  value: string[]
  onChange: (traits: string[]) => void
}) {
  const { t } = useTranslation('resources')
  const { traits } = kindOf(kind)
  if (traits === undefined) return null
  return (
    <MultiFilter
      label={t('columns.traits')}
      all={t('list.allTraits')}
      value={value}
      options={Object.keys(traits).map((name) => ({ value: name, label: t(`traits.${name}`) }))}
      onChange={onChange}
    />
  )
}
