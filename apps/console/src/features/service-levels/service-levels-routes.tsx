import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { LoadingState } from '../../components/states.tsx'
import { ServiceLevelsPage } from './service-levels-page.tsx'

const CreateServiceLevelPage = lazy(() =>
  import('./create-service-level-page.tsx').then((module) => ({ default: module.CreateServiceLevelPage })),
)
const EditServiceLevelPage = lazy(() =>
  import('./edit-service-level-page.tsx').then((module) => ({ default: module.EditServiceLevelPage })),
)
const ServiceLevelPage = lazy(() =>
  import('./service-level-page.tsx').then((module) => ({ default: module.ServiceLevelPage })),
)

/** `/meshes/:mesh/service-levels[/-create | /:name[/-edit]]` */
export function ServiceLevelsRoutes() {
  const { name, action }: { name?: string; action?: string } = useParams({ strict: false })
  if (name === undefined) return <ServiceLevelsPage />
  return (
    <Suspense fallback={<LoadingState />}>
      {name === '-create' ? (
        <CreateServiceLevelPage />
      ) : action === '-edit' ? (
        <EditServiceLevelPage name={name} />
      ) : (
        <ServiceLevelPage name={name} />
      )}
    </Suspense>
  )
}
