import type { MeshCertificate } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useNow } from '../../components/relative-time.tsx'
import { QueryView } from '../../components/states.tsx'
import { StatusDot, type StatusTone } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { places } from '../../lib/places.ts'
import { CERTIFICATE_WARNING_DAYS } from './attention.ts'
import { certificatesQuery } from './queries.ts'

const DAY_MS = 86_400_000

/** When the certificates end that the mesh's mutual TLS stands on. */
export function CertificatesCard({ mesh }: { mesh: string }) {
  const { t } = useTranslation('overview')
  const query = useQuery(certificatesQuery(mesh))
  return (
    <section className="md-card" aria-label={t('certificates.title')}>
      <header>
        <h2>{t('certificates.title')}</h2>
      </header>
      <QueryView query={query}>
        {({ items, unread }) => (
          <>
            {items.length > 0 && <Certificates items={items} />}
            {(items.length === 0 || unread.length > 0) && (
              <p className="md-card-body md-muted">
                {unread.length > 0 ? t('certificates.unread', { clusters: unread.join(', ') }) : t('certificates.none')}
              </p>
            )}
          </>
        )}
      </QueryView>
    </section>
  )
}

function Certificates({ items }: { items: readonly MeshCertificate[] }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  const now = useNow()
  const toneOf = (notAfter: string): StatusTone => {
    const days = (Date.parse(notAfter) - now) / DAY_MS
    return days < 0 ? 'error' : days < CERTIFICATE_WARNING_DAYS ? 'warning' : 'success'
  }
  return (
    <table className="md-plain-table" aria-label={t('certificates.title')}>
      <thead>
        <tr>
          <th scope="col">{t('certificates.certificate')}</th>
          <th scope="col">{t('certificates.from')}</th>
          <th scope="col">{t('certificates.ends')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ what, source, cluster, notAfter }) => (
          <tr key={`${cluster}/${source}/${what}`}>
            <td>{t(`certificates.what.${what}`)}</td>
            <td>
              {cluster === undefined ? (
                t('certificates.ofMesh')
              ) : (
                <>
                  <AppLink place={places.cluster(cluster)}>{cluster}</AppLink>{' '}
                  <span className="md-muted">{source}</span>
                </>
              )}
            </td>
            <td>
              <StatusDot tone={toneOf(notAfter)} reason={format.dateTime(notAfter)}>
                {format.relative(notAfter, now)}
              </StatusDot>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
