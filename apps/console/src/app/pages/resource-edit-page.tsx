import type { ResourceRef } from '@meshdeck/kube'
import { usePrefetchQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { EditResource } from '../../resource-kit/edit-resource.tsx'
import type { EditorView } from '../../resource-kit/resource-editor.tsx'
import { RestoreResource } from '../../resource-kit/restore-resource.tsx'
import { schemaQueries } from '../../resource-kit/schema-queries.ts'
import { registerForms } from '../forms.ts'
import type { FormSegment } from './resource-page.tsx'

registerForms()

const schema = searchSchema({ restore: param.text() })

/** The editor at an object's `/-edit` (form) or `/-yaml`, `?restore=` with a state of its history. */
export function ResourceEditPage({ target, form }: { target: ResourceRef; form: FormSegment }) {
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const place = { ...target, namespace: target.namespace }
  const [{ restore }] = usePageSearch(schema)
  // Asked for beside the object and the rights to it, not after them.
  usePrefetchQuery(schemaQueries.of(target.cluster, target.kind))
  const view = form === '-yaml' ? 'yaml' : 'form'
  const handleView = (next: EditorView) => {
    const to = next === 'yaml' ? places.objectYaml(mesh, place) : places.objectEdit(mesh, place)
    void navigate({ ...to, search: { ...to.search, ...(restore === '' ? {} : { restore }) }, replace: true })
  }
  return restore === '' ? (
    <EditResource target={target} view={view} onView={handleView} />
  ) : (
    <RestoreResource target={target} entry={restore} view={view} onView={handleView} />
  )
}
