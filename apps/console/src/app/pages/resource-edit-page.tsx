import type { ResourceRef } from '@meshdeck/kube'
import { useNavigate } from '@tanstack/react-router'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { EditResource } from '../../resource-kit/edit-resource.tsx'
import { registerForms } from '../forms.ts'
import type { FormSegment } from './resource-page.tsx'

registerForms()

/** The editor at an object's `/-edit` (form) or `/-yaml`. */
export function ResourceEditPage({ target, form }: { target: ResourceRef; form: FormSegment }) {
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const place = { ...target, namespace: target.namespace }
  return (
    <EditResource
      target={target}
      view={form === '-yaml' ? 'yaml' : 'form'}
      onView={(view) =>
        void navigate({
          ...(view === 'yaml' ? places.objectYaml(mesh, place) : places.objectEdit(mesh, place)),
          replace: true,
        })
      }
    />
  )
}
