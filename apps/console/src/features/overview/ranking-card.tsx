import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { serviceKey, type ServiceTraffic } from '../../resource-kit/service-traffic.ts'

export interface RankingCardProps {
  title: string
  /** Best first. Absent while nobody has measured. */
  services: readonly ServiceTraffic[]
  empty: string
}

/** A few services with their traffic. */
export function RankingCard({ title, services, empty }: RankingCardProps) {
  const { t } = useTranslation('overview')
  const { mesh } = useMeshScope()
  const format = useFormat()
  return (
    <section className="md-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {services.length === 0 ? (
        <p className="md-card-body md-muted">{empty}</p>
      ) : (
        <table className="md-plain-table" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('ranking.service')}</th>
              <th scope="col">{t('ranking.requests')}</th>
              <th scope="col">{t('ranking.errors')}</th>
              <th scope="col">{t('ranking.latency')}</th>
            </tr>
          </thead>
          <tbody>
            {services.map((service) => (
              <tr key={serviceKey(service)}>
                <td>
                  <AppLink place={places.service(mesh, service.namespace, service.name)}>{service.name}</AppLink>
                  <div className="md-muted">{service.namespace}</div>
                </td>
                <td>{format.rate(service.requestRate)}</td>
                <td>{format.percent(service.errorRate)}</td>
                <td>{format.duration(service.latencyMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
