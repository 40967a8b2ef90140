import type { WizardId } from '@meshdeck/mesh'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { wizardPlaces } from '../../lib/wizard-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import type { CalledService } from './graph-index.ts'

const OFFERED: readonly WizardId[] = ['split', 'timeout', 'fault', 'breaker', 'allow']

/** Ways to change how a service is called: forms that begin with it filled in. */
export function NodeForms({ service, cluster }: { service: CalledService; cluster: string | undefined }) {
  const { t } = useTranslation(['wizards', 'topology'])
  const { mesh } = useMeshScope()
  const begun = { service: `${service.namespace}/${service.name}`, ...(cluster === undefined ? {} : { cluster }) }
  return (
    <section className="md-topology-links" aria-label={t('topology:panel.change', { name: service.name })}>
      <h3>{t('topology:panel.change', { name: service.name })}</h3>
      <ul>
        {OFFERED.map((wizard) => (
          <li key={wizard}>
            <AppLink place={wizardPlaces.wizard(mesh, wizard, begun)}>{t(`wizards.${wizard}.title`)}</AppLink>
          </li>
        ))}
      </ul>
    </section>
  )
}
