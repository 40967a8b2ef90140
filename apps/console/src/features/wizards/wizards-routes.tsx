import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { LoadingState } from '../../components/states.tsx'
import { wizardOf } from './catalogue.ts'
import { WizardsPage } from './wizards-page.tsx'

const WizardPage = lazy(() => import('./wizard-page.tsx').then((module) => ({ default: module.WizardPage })))

/** `/meshes/:mesh/-wizards[/:wizard]`; a name that no wizard has leads to all of them. */
export function WizardsRoutes() {
  const { wizard: id }: { wizard?: string } = useParams({ strict: false })
  const wizard = wizardOf(id)
  if (wizard === undefined) return <WizardsPage />
  return (
    <Suspense fallback={<LoadingState />}>
      {/* Another wizard asks other questions. */}
      <WizardPage key={wizard.id} wizard={wizard} />
    </Suspense>
  )
}
