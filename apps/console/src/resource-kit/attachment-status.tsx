import type { KindId, KubeResource } from '@meshdeck/kube'
import { gatewayAttachments, routeAttachments, type Attachment } from '@meshdeck/mesh'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../components/status-dot.tsx'
import { useStyle } from '../lib/use-style.ts'
import css from './resource-kit.css?inline'

const READERS: Partial<Record<KindId, (resource: KubeResource) => readonly Attachment[]>> = {
  HTTPRoute: routeAttachments,
  GRPCRoute: routeAttachments,
  K8sGateway: gatewayAttachments,
}
const TONES = { attached: 'success', refused: 'error', pending: 'unknown' } as const satisfies Record<
  Attachment['state'],
  string
>

/** Where an object of the Gateway API takes part, and what its controller says of each place. */
export function AttachmentStatus({ kind, resource }: { kind: KindId; resource: KubeResource }) {
  useStyle(css)
  const { t } = useTranslation('attachments')
  const attachments = READERS[kind]?.(resource) ?? []
  if (attachments.length === 0) return null
  const isGateway = kind === 'K8sGateway'
  return (
    <section className="md-card" aria-label={t('title')}>
      <header>
        <h2>{t('title')}</h2>
      </header>
      <div className="md-card-body">
        <table className="md-plain-table" aria-label={t('title')}>
          <thead>
            <tr>
              <th scope="col">{t(isGateway ? 'listener' : 'parent')}</th>
              <th scope="col">{t('state')}</th>
              {isGateway && <th scope="col">{t('routes')}</th>}
              <th scope="col">{t('reasons')}</th>
            </tr>
          </thead>
          <tbody>
            {attachments.map(({ place, state, routes, reasons }) => (
              <tr key={place}>
                <th scope="row">{place === '' ? t('whole') : place}</th>
                <td>
                  <StatusDot tone={TONES[state]}>{t(`states.${state}`)}</StatusDot>
                </td>
                {isGateway && <td>{routes ?? '–'}</td>}
                <td>{reasons.join(' ') || '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
