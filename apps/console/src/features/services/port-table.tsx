import type { ServiceView } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'

/** Ports of a service with the protocol that Istio takes them for. */
export function PortTable({ ports }: { ports: ServiceView['ports'] }) {
  const { t } = useTranslation('services')
  if (ports.length === 0) return <p className="md-card-body md-muted">{t('ports.none')}</p>
  return (
    <table className="md-plain-table" aria-label={t('columns.ports')}>
      <thead>
        <tr>
          <th scope="col">{t('ports.port')}</th>
          <th scope="col">{t('glossary:name')}</th>
          <th scope="col">{t('ports.target')}</th>
          <th scope="col">{t('ports.protocol')}</th>
          <th scope="col">{t('ports.governed')}</th>
        </tr>
      </thead>
      <tbody>
        {ports.map(({ port, name, targetPort, protocol, appProtocol }) => (
          <tr key={`${port}/${protocol}`}>
            <td>{port}</td>
            <td>{name ?? '–'}</td>
            <td>{targetPort ?? port}</td>
            <td>{protocol}</td>
            <td>{appProtocol ?? <span className="md-muted">{t('ports.undeclared')}</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
