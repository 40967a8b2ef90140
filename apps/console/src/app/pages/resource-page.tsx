import { isNamespaceName, isResourceName, type ResourceRef } from '@meshdeck/kube'
import { useParams } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { LoadingState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { AwaitClusters } from '../../resource-kit/await-clusters.tsx'
import { ResourceDetail } from '../../resource-kit/resource-detail.tsx'
import { kindOfRoute } from './kind-route.ts'
import { loadEditor, loadEditPage } from './load-editor.ts'
import { NotFoundPage } from './not-found-page.tsx'

const ResourceEditPage = lazy(loadEditPage)
const schema = searchSchema({ cluster: param.text() })

/** The last part of an object's address that opens a form. */
export type FormSegment = '-edit' | '-yaml'

/**
 * `/meshes/:mesh/:kind[/:namespace]/:name[/-edit|/-yaml]?cluster=`. One route for all of it: going from the form to
 * the YAML must not take down the editor that holds the draft.
 */
export function ResourcePage() {
  const params: { kind?: string; first?: string; second?: string; third?: string } = useParams({ strict: false })
  const { clusters } = useMeshScope()
  const client = useQueryClient()
  const [search] = usePageSearch(schema)
  const kind = kindOfRoute(params.kind)
  if (!kind) return <NotFoundPage />
  const rest = [params.first, params.second, params.third].filter((part) => part !== undefined)
  const last = rest.at(-1)
  const form: FormSegment | undefined = last === '-edit' || last === '-yaml' ? last : undefined
  const names = form ? rest.slice(0, -1) : rest
  const cluster = search.cluster || clusters[0]
  if (cluster === undefined) return <AwaitClusters />
  const target = refOf(kind, cluster, names)
  if (!target) return <NotFoundPage />
  if (!form) return <ResourceDetail target={target} onEditIntent={() => loadEditor(client, target)} />
  return (
    <Suspense fallback={<LoadingState />}>
      <ResourceEditPage key={[cluster, ...names].join('/')} target={target} form={form} />
    </Suspense>
  )
}

function refOf(
  kind: NonNullable<ReturnType<typeof kindOfRoute>>,
  cluster: string,
  names: readonly string[],
): ResourceRef | undefined {
  const name = names.at(-1) ?? ''
  if (names.length !== (kind.namespaced ? 2 : 1) || !isResourceName(name)) return undefined
  if (!kind.namespaced) return { cluster, kind: kind.id, name }
  const [namespace = ''] = names
  return isNamespaceName(namespace) ? { cluster, kind: kind.id, namespace, name } : undefined
}
