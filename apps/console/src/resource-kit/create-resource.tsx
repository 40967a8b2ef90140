import { kindOf, type KindId, type ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Page } from '../components/page.tsx'
import { LoadingState, QueryView } from '../components/states.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../lib/search-params.ts'
import { toCopyYaml } from './draft.ts'
import { AwaitClusters } from './await-clusters.tsx'
import { useMayCreate } from './may-create.ts'
import { MissingRight } from './missing-right.tsx'
import { ResourceEditor, type EditorView } from './resource-editor.tsx'
import { resourceQueries } from './resource-queries.ts'
import { loadTemplate, type TemplateSubject } from './template.ts'

const schema = searchSchema<
  { cluster: string; namespace: string; view: EditorView; from: string; versions: string[] } & Pick<
    TemplateSubject,
    'service' | 'labels'
  >
>({
  cluster: param.text(),
  namespace: param.text(),
  view: param.oneOf<EditorView>(['form', 'yaml'], 'form'),
  /** An object to begin with: `CLUSTER/NAMESPACE/NAME`, or without a namespace. */
  from: param.text(),
  /** A service of the namespace that it is to be about, with what is known of its pods. */
  service: param.text(),
  labels: param.text(),
  versions: param.list(),
})

/** Makes a new object, beginning with the smallest useful one, or with one of another cluster. */
export function CreateResource({ kind }: { kind: KindId }) {
  const { t } = useTranslation(['editor', 'resources'])
  const { clusters } = useMeshScope()
  const [search, setSearch] = usePageSearch(schema)
  const right = useMayCreate(kind)
  const namespace = search.namespace || 'default'
  const { service, labels, versions } = search
  const subject = { service, labels, versions }
  const template = useQuery({
    queryKey: ['template', kind, namespace, subject] as const,
    queryFn: () => loadTemplate(kind, namespace, subject),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const origin = originOf(kind, search.from)
  const copied = useQuery({
    ...resourceQueries.detail(origin ?? { cluster: '', kind, name: '' }),
    enabled: origin !== undefined,
  })
  const text = origin === undefined ? template.data : copied.data && toCopyYaml(copied.data)
  const cluster = clusters.find((each) => each === search.cluster) ?? clusters[0]
  if (!right.pending && right.allowed && text !== undefined && cluster !== undefined) {
    return (
      <ResourceEditor
        kind={kind}
        cluster={cluster}
        opened={undefined}
        initialText={text}
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
        origin === undefined ? (
          <QueryView query={template}>{() => null}</QueryView>
        ) : (
          <QueryView query={copied}>{() => null}</QueryView>
        )
      ) : (
        <MissingRight verb="create" kind={kind} cluster={cluster} namespace={search.namespace || undefined} />
      )}
    </Page>
  )
}

function originOf(kind: KindId, from: string): ResourceRef | undefined {
  const [cluster = '', ...names] = from.split('/')
  const name = names.at(-1) ?? ''
  if (name === '' || names.length !== (kindOf(kind).namespaced ? 2 : 1)) return undefined
  const [namespace = ''] = names
  return kindOf(kind).namespaced ? { cluster, kind, namespace, name } : { cluster, kind, name }
}
