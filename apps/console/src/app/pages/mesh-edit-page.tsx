import { HUB } from '@meshdeck/kube'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { EditResource } from '../../resource-kit/edit-resource.tsx'
import { registerForms } from '../forms.ts'

registerForms()

const schema = searchSchema({ view: param.oneOf(['form', 'yaml'], 'form') })

/** The record of the mesh itself, at `/meshes/:mesh/-edit`. */
export function MeshEditPage() {
  const { mesh } = useMeshScope()
  const [{ view }, setSearch] = usePageSearch(schema)
  return (
    <EditResource
      key={mesh}
      target={{ cluster: HUB, kind: 'Mesh', name: mesh }}
      view={view}
      onView={(next) => setSearch({ view: next }, { replace: true })}
    />
  )
}
