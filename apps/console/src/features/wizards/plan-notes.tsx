import { WIZARD_NOTES, type WizardNote } from '@meshdeck/mesh'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { Check } from '../../resource-kit/review-checks.tsx'

const WAYPOINTS = 'https://istio.io/latest/docs/ambient/usage/waypoint/'

export interface PlanNotesProps {
  notes: readonly WizardNote[]
  cluster: string
}

/** What is to be known of a plan, as lines of a list: what governs the service, and who obeys. */
export function PlanNotes({ notes, cluster }: PlanNotesProps) {
  const { t } = useTranslation(['wizards', 'resources'])
  const { mesh } = useMeshScope()
  return notes.map(({ code, about, values = {} }) => (
    <Check key={`${code} ${about?.name ?? ''}`} tone={WIZARD_NOTES[code]}>
      {t(`notes.${code}`, values)}{' '}
      {about && (
        <AppLink place={places.object(mesh, { cluster, ...about })}>
          {t(`resources:kinds.${about.kind}.singular`)} {about.namespace} / {about.name}
        </AppLink>
      )}
      {code === 'needsWaypoint' && (
        <>
          <AppLink place={places.kindCreate(mesh, 'K8sGateway', { cluster, namespace: values['namespace'] ?? '' })}>
            {t('makeWaypoint')}
          </AppLink>{' '}
          <a href={WAYPOINTS} target="_blank" rel="noreferrer">
            {t('aboutWaypoints')}
          </a>
        </>
      )}
    </Check>
  ))
}
