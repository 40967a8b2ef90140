import type { MeshOverview } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { useNow } from '../../components/relative-time.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { findingQueries } from '../../resource-kit/finding-queries.ts'
import { attentionOf } from './attention.ts'
import { certificatesQuery, countQueries } from './queries.ts'

/** What somebody should look at, each a link to the page where it is. */
export function AttentionCard({ overview }: { overview: MeshOverview }) {
  const { t } = useTranslation('overview')
  const { name } = overview.mesh
  const now = useNow()
  const findings = useQuery(findingQueries.counts(name))
  const pending = useQuery(countQueries.namespaces(name, { pending: true }))
  const certificates = useQuery(certificatesQuery(name))
  const items = attentionOf({
    overview,
    findings: findings.data?.counts,
    pending: pending.data,
    certificates: certificates.data?.items ?? [],
    now,
  })
  const isWaiting = findings.isPending || pending.isPending || certificates.isPending
  return (
    <section className="md-card" aria-label={t('attention.title')}>
      <header>
        <h2>{t('attention.title')}</h2>
        {!isWaiting && items.every(({ tone }) => tone === 'info') && (
          <StatusDot tone="success">{t('attention.nothing')}</StatusDot>
        )}
      </header>
      {items.length > 0 && (
        <ul className="md-card-body md-attention-list" aria-label={t('attention.title')}>
          {items.map(({ key, tone, values, place }) => (
            <li key={`${key} ${place.to} ${JSON.stringify(values)}`}>
              <StatusDot tone={tone}>
                <AppLink place={place}>{t(`attention.items.${key}`, values)}</AppLink>
              </StatusDot>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
