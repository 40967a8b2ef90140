import type { KindId } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../components/page.tsx'
import { LoadingState, QueryView } from '../components/states.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../lib/search-params.ts'
import { AwaitClusters } from './await-clusters.tsx'
import { useMayCreate } from './may-create.ts'
import { MissingRight } from './missing-right.tsx'
import { ResourceEditor, type EditorView } from './resource-editor.tsx'
import { loadTemplate } from './template.ts'

const schema = searchSchema<{ cluster: string; namespace: string; view: EditorView }>({
  cluster: param.text(),
  namespace: param.text(),
  view: param.oneOf<EditorView>(['form', 'yaml'], 'form'),
})

/** Makes a new object, beginning with the smallest useful one. */
export function CreateResource({ kind }: { kind: KindId }) {
  const { t } = useTranslation(['editor', 'resources'])
  const { clusters } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const right = useMayCreate(kind)
  const namespace = search.namespace || 'default'
  const template = useQuery({
    queryKey: ['template', kind, namespace] as const,
    queryFn: () => loadTemplate(kind, namespace),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const cluster = clusters.find((each) => each === search.cluster) ?? clusters[0]
  if (!right.pending && right.allowed && template.data !== undefined && cluster !== undefined) {
    return (
      <ResourceEditor
        kind={kind}
        cluster={cluster}
        opened={undefined}
        initialText={template.data}
        view={search.view}
        onView={(view) => setSearch({ view }, { replace: true })}
        onCluster={(next) => setSearch({ cluster: next }, { replace: true })}
      />
    )
  }
  return (
    <Page title={t('title.create', { kind: t(`resources:kinds.${kind}.singular`) })}>
      {cluster === undefined ? (
        <AwaitClusters />
      ) : right.pending ? (
        <LoadingState />
      ) : right.allowed ? (
        <QueryView query={template}>{() => null}</QueryView>
      ) : (
        <MissingRight verb="create" kind={kind} cluster={cluster} namespace={search.namespace || undefined} />
      )}
    </Page>
  )
}
