import { useParams } from '@tanstack/react-router'
import { CreateResource } from '../../resource-kit/create-resource.tsx'
import { registerForms } from '../forms.ts'
import { kindOfRoute } from './kind-route.ts'
import { NotFoundPage } from './not-found-page.tsx'

registerForms()

/** `/meshes/:mesh/:kind/-create` */
export function ResourceCreatePage() {
  const params: { kind?: string } = useParams({ strict: false })
  const kind = kindOfRoute(params.kind)
  return kind?.access === 'full' ? <CreateResource kind={kind.id} /> : <NotFoundPage />
}
