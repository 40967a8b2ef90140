import type { ServiceDetail } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { RelativeTime } from '../../components/relative-time.tsx'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { TagList } from '../../resource-kit/column-cell.tsx'
import { goldenNow } from '../../resource-kit/golden-now.ts'
import { SignalsCard } from '../../resource-kit/signals-card.tsx'
import { LevelsCard } from './levels-card.tsx'
import { ServiceHealth, useHealthReasons } from './service-health.tsx'
import { PortTable } from './port-table.tsx'

/** What the service is, how it is and why, and what it answers now. */
export function OverviewTab({ detail: { service } }: { detail: ServiceDetail }) {
  const { t } = useTranslation('services')
  const format = useFormat()
  const { mesh } = useMeshScope()
  const [{ refreshSeconds }] = usePreferences()
  const { namespace, name } = service
  const signals = useQuery(goldenNow(mesh, { scope: 'service', namespace, name }, refreshSeconds))
  const reasons = useHealthReasons()
  const labels = Object.entries(service.labels).map(([key, value]) => `${key}=${value}`)
  return (
    <div className="md-stack">
      <SignalsCard title={t('signals')} query={signals} mtls={false} />
      <section className="md-card" aria-label={t('facts.title')}>
        <header>
          <h2>{t('facts.title')}</h2>
          <ServiceHealth service={service} />
        </header>
        <div className="md-card-body md-stack">
          <ul className="md-plain-list" aria-label={t('facts.reasons')}>
            {reasons(service).map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          <dl className="md-facts">
            <dt>{t('columns.clusters')}</dt>
            <dd>{format.list(service.clusters)}</dd>
            <dt>{t('columns.type')}</dt>
            <dd>{service.type}</dd>
            <dt>{t('columns.ready')}</dt>
            <dd>{service.pods === 0 ? '–' : t('readyOf', { ready: service.readyPods, count: service.pods })}</dd>
            <dt>{t('columns.sidecars')}</dt>
            <dd>{service.pods === 0 ? '–' : t('readyOf', { ready: service.injectedPods, count: service.pods })}</dd>
            <dt>{t('columns.versions')}</dt>
            <dd>{service.versions.join(', ') || '–'}</dd>
            <dt>{t('glossary:labels')}</dt>
            <dd>{labels.length === 0 ? '–' : <TagList texts={labels} />}</dd>
            <dt>{t('glossary:created')}</dt>
            <dd>
              <RelativeTime at={service.created} />
            </dd>
          </dl>
        </div>
      </section>
      <LevelsCard namespace={namespace} name={name} refreshSeconds={refreshSeconds} />
      <section className="md-card" aria-label={t('columns.ports')}>
        <header>
          <h2>{t('columns.ports')}</h2>
        </header>
        <PortTable ports={service.ports} />
      </section>
    </div>
  )
}
