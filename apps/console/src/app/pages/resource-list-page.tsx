import { useParams } from '@tanstack/react-router'
import { ResourceList } from '../../resource-kit/resource-list.tsx'
import { kindOfRoute } from './kind-route.ts'
import { NotFoundPage } from './not-found-page.tsx'

/** `/meshes/:mesh/:kind` */
export function ResourceListPage() {
  const params: { kind?: string } = useParams({ strict: false })
  const kind = kindOfRoute(params.kind)
  // Another kind is another list: no row of the former may stay ticked.
  return kind ? <ResourceList key={kind.id} kind={kind.id} /> : <NotFoundPage />
}
