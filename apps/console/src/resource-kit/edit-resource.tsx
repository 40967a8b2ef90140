import type { ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { Page } from '../components/page.tsx'
import { LoadingState, QueryView } from '../components/states.tsx'
import { useCan } from '../lib/access.ts'
import { ApiError } from '../lib/api.ts'
import { toEditableYaml } from './draft.ts'
import type { ResourceFormProps } from './forms.ts'
import { MissingRight } from './missing-right.tsx'
import { ResourceEditor, type EditorView } from './resource-editor.tsx'
import { resourceQueries } from './resource-queries.ts'

export interface EditResourceProps {
  target: ResourceRef
  view: EditorView
  onView: (view: EditorView) => void
  /** In place of the kind's own form: one for a part of the object. */
  form?: ComponentType<ResourceFormProps>
}

/** Opens an object in the editor. */
export function EditResource({ target, view, onView, form }: EditResourceProps) {
  const query = useQuery(resourceQueries.detail(target))
  const right = useCan('update', target.kind, target)
  if (query.data !== undefined && right.allowed) {
    return (
      <ResourceEditor
        kind={target.kind}
        cluster={target.cluster}
        opened={query.data}
        latest={query.data}
        gone={query.error instanceof ApiError && query.error.status === 404}
        initialText={toEditableYaml(query.data)}
        view={view}
        onView={onView}
        form={form}
      />
    )
  }
  return (
    <Page title={target.name}>
      <QueryView query={query}>
        {() => (right.pending ? <LoadingState /> : <MissingRight verb="update" {...target} />)}
      </QueryView>
    </Page>
  )
}
