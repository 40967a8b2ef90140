import type { PodView, ServiceDetail } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { IfAllowed } from '../../components/if-allowed.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { TagList } from '../../resource-kit/column-cell.tsx'

type Address = ServiceDetail['addresses'][number]

/** Where the service is reached in each cluster, and how many pods answer there. */
export function AddressesTab({ detail: { addresses, pods, service } }: { detail: ServiceDetail }) {
  const { t } = useTranslation('services')
  const { mesh } = useMeshScope()
  return (
    <div className="md-stack">
      {addresses.map((address) => (
        <section key={address.cluster} className="md-card" aria-label={t('addresses.in', { cluster: address.cluster })}>
          <header>
            <h2>{t('addresses.in', { cluster: address.cluster })}</h2>
            <EditLink mesh={mesh} cluster={address.cluster} namespace={service.namespace} name={service.name} />
          </header>
          <div className="md-card-body md-stack">
            <AddressFacts address={address} />
            <p className="md-muted">
              <PodCount pods={pods.filter(({ cluster }) => cluster === address.cluster)} />{' '}
              <AppLink place={places.service(mesh, service.namespace, service.name, 'instances')}>
                {t('addresses.toInstances')}
              </AppLink>
            </p>
          </div>
        </section>
      ))}
    </div>
  )
}

/** To the labels and protocols of the service in one cluster. */
function EditLink({ mesh, ...object }: Record<'mesh' | 'cluster' | 'namespace' | 'name', string>) {
  const { t } = useTranslation('service-edit')
  return (
    <IfAllowed verb="update" kind="Service" {...object}>
      <AppLink
        place={places.objectEdit(mesh, { kind: 'Service', ...object })}
        className="md-push"
        aria-label={t('editLabel', object)}
      >
        {t('edit')}
      </AppLink>
    </IfAllowed>
  )
}

function AddressFacts({ address: { host, type, ips, selector } }: { address: Address }) {
  const { t } = useTranslation('services')
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`)
  return (
    <dl className="md-facts">
      <dt>{t('addresses.host')}</dt>
      <dd>
        <code>{host}</code>
      </dd>
      <dt>{t('columns.type')}</dt>
      <dd>{type}</dd>
      <dt>{t('addresses.ips')}</dt>
      <dd>{ips.length === 0 ? t('addresses.noIps') : <code>{ips.join(', ')}</code>}</dd>
      <dt>{t('addresses.selector')}</dt>
      <dd>{labels.length === 0 ? t('addresses.noSelector') : <TagList texts={labels} />}</dd>
    </dl>
  )
}

function PodCount({ pods }: { pods: readonly PodView[] }) {
  const { t } = useTranslation('services')
  return t('addresses.pods', { count: pods.length, ready: pods.filter(({ ready }) => ready).length })
}
