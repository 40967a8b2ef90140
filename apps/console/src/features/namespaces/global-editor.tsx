import { HUB } from '@meshdeck/kube'
import { EditResource } from '../../resource-kit/edit-resource.tsx'
import type { EditorView } from '../../resource-kit/resource-editor.tsx'
import { GlobalForm } from './global-form.tsx'

interface GlobalEditorProps {
  mesh: string
  view: EditorView
  onView: (view: EditorView) => void
}

/** The record of the mesh in the editor, with the form for what is about sidecars. */
export function GlobalEditor({ mesh, view, onView }: GlobalEditorProps) {
  const target = { cluster: HUB, kind: 'Mesh', name: mesh } as const
  return <EditResource key={mesh} target={target} view={view} onView={onView} form={GlobalForm} />
}
