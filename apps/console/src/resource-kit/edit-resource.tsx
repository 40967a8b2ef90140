import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { parseDocument, type Document } from 'yaml'
import { Page } from '../components/page.tsx'
import { LoadingState, QueryView } from '../components/states.tsx'
import { useCan } from '../lib/access.ts'
import { ApiError } from '../lib/api.ts'
import { printDocument, toEditableYaml } from './draft.ts'
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
  /** Edits to begin with, which open in review: a repair. */
  propose?: ((document: Document, resource: KubeResource) => void) | undefined
}

/** Opens an object in the editor. */
export function EditResource({ target, view, onView, form, propose }: EditResourceProps) {
  const query = useQuery(resourceQueries.detail(target))
  const right = useCan('update', target.kind, target)
  if (query.data !== undefined && right.allowed) {
    const present = toEditableYaml(query.data)
    const initialText = propose === undefined ? present : proposal(present, query.data, propose)
    return (
      <ResourceEditor
        kind={target.kind}
        cluster={target.cluster}
        opened={query.data}
        latest={query.data}
        gone={query.error instanceof ApiError && query.error.status === 404}
        initialText={initialText}
        startAt={initialText === present ? 'edit' : 'review'}
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

function proposal(text: string, resource: KubeResource, propose: NonNullable<EditResourceProps['propose']>): string {
  const document = parseDocument(text)
  propose(document, resource)
  return printDocument(document)
}
