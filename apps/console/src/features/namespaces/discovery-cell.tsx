import type { NamespaceView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { discoveryRef } from './discovery-plan.ts'

/** More of them say no more than that they are many. */
const SHOWN = 3

/** The discovery scope of a namespace, what that comes to, and whose `Sidecar` says so. */
export function DiscoveryCell({ namespace }: { namespace: NamespaceView }) {
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const { discovery } = namespace
  if (discovery === undefined) return <StatusDot tone="unknown">{t('discovery.unknown')}</StatusDot>
  const { scope, effective, namespaces, hosts, by } = discovery
  const named = [...namespaces, ...hosts]
  return (
    <>
      {t(`discovery.scopes.${scope}.name`)}
      {scope === 'inherit' && (
        <div className="md-muted">{t('discovery.means', { scope: t(`discovery.scopes.${effective}.name`) })}</div>
      )}
      {named.length > 0 && (
        <div className="md-muted" title={named.join(', ')}>
          {named.slice(0, SHOWN).join(', ')}
          {named.length > SHOWN && ` ${t('discovery.more', { count: named.length - SHOWN })}`}
        </div>
      )}
      {by?.owner === 'user' && (
        <div>
          <StatusDot tone="warning" reason={t('discovery.ownReason')}>
            <AppLink place={places.object(mesh, { ...discoveryRef(namespace), kind: 'Sidecar' })}>
              {t('discovery.own', { name: by.name })}
            </AppLink>
          </StatusDot>
        </div>
      )}
    </>
  )
}
