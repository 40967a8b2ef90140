import type { KindId } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import type { CalledService } from './graph-index.ts'

const RULES: readonly KindId[] = ['VirtualService', 'DestinationRule', 'PeerAuthentication', 'AuthorizationPolicy']

/** From the graph to the service and to the rules of its namespace. */
export function PanelLinks({
  services,
  namespace,
}: {
  services: readonly CalledService[]
  namespace: string | undefined
}) {
  const { t } = useTranslation('topology')
  const { mesh } = useMeshScope()
  if (services.length === 0 && namespace === undefined) return null
  return (
    <section className="md-topology-links">
      {services.length > 0 && (
        <>
          <h3>{t('panel.services')}</h3>
          <ul>
            {services.map((service) => (
              <li key={`${service.namespace}/${service.name}`}>
                <AppLink place={places.service(mesh, service.namespace, service.name)}>{service.name}</AppLink>
              </li>
            ))}
          </ul>
        </>
      )}
      {namespace !== undefined && (
        <>
          <h3>{t('panel.rules', { namespace })}</h3>
          <ul>
            {RULES.map((kind) => (
              <li key={kind}>
                <AppLink place={places.kindList(mesh, kind, { namespaces: namespace })}>
                  {t(`common:menu.${kind}`)}
                </AppLink>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
