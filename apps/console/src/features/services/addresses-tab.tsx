import type { PodView, ServiceDetail } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { IfAllowed } from '../../components/if-allowed.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { proxyPlaces } from '../../lib/proxy-places.ts'
import { TagList } from '../../resource-kit/column-cell.tsx'

type Address = ServiceDetail['addresses'][number]

/** Where the service is reached in each cluster, and the pods that answer there. */
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
          <AddressFacts address={address} />
          <Endpoints pods={pods.filter(({ cluster }) => cluster === address.cluster)} />
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
    <dl className="md-card-body md-facts">
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

function Endpoints({ pods }: { pods: readonly PodView[] }) {
  const { t } = useTranslation('services')
  const { mesh } = useMeshScope()
  if (pods.length === 0) return <p className="md-card-body md-muted">{t('addresses.noEndpoints')}</p>
  return (
    <table className="md-plain-table" aria-label={t('addresses.endpoints')}>
      <thead>
        <tr>
          <th scope="col">{t('addresses.ip')}</th>
          <th scope="col">{t('addresses.pod')}</th>
          <th scope="col">{t('addresses.state')}</th>
          <th scope="col">{t('addresses.sidecar')}</th>
          <th scope="col">{t('addresses.node')}</th>
          <th scope="col">{t('addresses.restarts')}</th>
        </tr>
      </thead>
      <tbody>
        {pods.map((pod) => (
          <tr key={pod.name}>
            <td>
              <code>{pod.ip ?? '–'}</code>
            </td>
            <td>
              {pod.injected ? (
                <AppLink place={proxyPlaces.one(mesh, { ...pod, pod: pod.name })}>{pod.name}</AppLink>
              ) : (
                pod.name
              )}
            </td>
            <td>
              <StatusDot
                tone={pod.ready ? 'success' : 'warning'}
                {...(pod.problem === undefined ? {} : { reason: pod.problem })}
              >
                {pod.ready ? t('addresses.ready') : t('addresses.notReady', { phase: pod.phase })}
              </StatusDot>
            </td>
            <td>{pod.injected ? (pod.proxyVersion ?? t('addresses.yes')) : t('addresses.no')}</td>
            <td>{pod.node ?? '–'}</td>
            <td>{pod.restarts}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
