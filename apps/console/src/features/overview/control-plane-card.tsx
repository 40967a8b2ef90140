import type { MeshOverview } from '@meshdeck/contract'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useFormat } from '../../lib/format.ts'
import { places } from '../../lib/places.ts'

/** Where Istio's control plane is, its version, and what of it runs. */
export function ControlPlaneCard({ overview: { mesh, components } }: { overview: MeshOverview }) {
  const { t } = useTranslation('overview')
  const format = useFormat()
  return (
    <section className="md-card" aria-label={t('controlPlane.title')}>
      <header>
        <h2>{t('controlPlane.title')}</h2>
      </header>
      <div className="md-card-body md-stack">
        <dl className="md-facts">
          <dt>{t('controlPlane.version')}</dt>
          <dd>{mesh.version ?? '–'}</dd>
          <dt>{t('controlPlane.revision')}</dt>
          <dd>{mesh.revision ?? '–'}</dd>
          <dt>{t('glossary:cluster')}</dt>
          <dd>
            <AppLink place={places.cluster(mesh.controlPlaneCluster)}>{mesh.controlPlaneCluster}</AppLink>
          </dd>
          <dt>{t('glossary:namespace')}</dt>
          <dd>{mesh.namespace}</dd>
          <dt>{t('controlPlane.proxies')}</dt>
          <dd>
            {mesh.counters.proxyVersions === undefined || mesh.counters.proxyVersions.length === 0
              ? '–'
              : mesh.counters.proxyVersions.map(({ version, pods }) => (
                  <div key={version}>{t('controlPlane.proxy', { version, count: pods })}</div>
                ))}
          </dd>
        </dl>
        {components.length === 0 ? (
          <p className="md-muted">{t('controlPlane.noComponents')}</p>
        ) : (
          <table className="md-plain-table" aria-label={t('controlPlane.components')}>
            <thead>
              <tr>
                <th scope="col">{t('controlPlane.component')}</th>
                <th scope="col">{t('glossary:cluster')}</th>
                <th scope="col">{t('controlPlane.version')}</th>
                <th scope="col">{t('controlPlane.ready')}</th>
              </tr>
            </thead>
            <tbody>
              {components.map(({ cluster, kind, namespace, name, version, ready, replicas }) => (
                <tr key={[cluster, kind, namespace, name].join('/')}>
                  <td>{name}</td>
                  <td>{cluster}</td>
                  <td>{version ?? '–'}</td>
                  <td>
                    <StatusDot tone={ready >= replicas && ready > 0 ? 'success' : ready > 0 ? 'warning' : 'error'}>
                      {t('controlPlane.readyOf', { ready: format.number(ready), count: replicas })}
                    </StatusDot>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  )
}
