import type { ServiceView } from '@meshdeck/contract'
import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Segmented from 'antd/es/segmented'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { QueryView } from '../../components/states.tsx'
import { YamlEditor } from '../../components/yaml-editor.tsx'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { toYaml } from '../../resource-kit/draft.ts'
import { kubectl } from '../../resource-kit/kubectl.ts'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'

const schema = searchSchema({ cluster: param.text() })

/** The Service as each cluster has it, to read. */
export function YamlTab({ service: { namespace, name, clusters } }: { service: ServiceView }) {
  const { t } = useTranslation('services')
  const [search, setSearch] = usePageSearch(schema)
  const cluster = clusters.find((known) => known === search.cluster) ?? clusters[0] ?? ''
  const ref: ResourceRef = { cluster, kind: 'Service', namespace, name }
  const query = useQuery(resourceQueries.detail(ref))
  return (
    <div className="md-stack">
      {clusters.length > 1 && (
        <Segmented
          aria-label={t('glossary:cluster')}
          value={cluster}
          options={[...clusters]}
          onChange={(next) => setSearch({ cluster: next })}
          className="md-fit"
        />
      )}
      <QueryView query={query}>
        {(resource) => <Yaml resource={resource} label={t('yaml.label', { name, cluster })} />}
      </QueryView>
      <CommandBox command={kubectl.get(ref)} />
    </div>
  )
}

function Yaml({ resource, label }: { resource: KubeResource; label: string }) {
  const text = useMemo(() => toYaml(resource), [resource])
  return (
    <section className="md-card md-editor-yaml">
      <YamlEditor value={text} label={label} readOnly />
    </section>
  )
}
