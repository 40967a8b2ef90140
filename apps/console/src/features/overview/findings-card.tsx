import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { places } from '../../lib/places.ts'
import { findingQueries } from '../../resource-kit/finding-queries.ts'

const LEVELS = ['error', 'warning', 'info'] as const

/** How many findings there are, each number a link to them. */
export function FindingsCard({ mesh }: { mesh: string }) {
  const { t } = useTranslation('findings')
  const { data } = useQuery(findingQueries.counts(mesh))
  if (data === undefined) return null
  const { counts } = data
  return (
    <section className="md-card" aria-label={t('overview.title')}>
      <header>
        <h2>{t('overview.title')}</h2>
        {counts.error + counts.warning === 0 && <StatusDot tone="success">{t('overview.clean')}</StatusDot>}
        <AppLink place={places.findings(mesh)} className="md-push">
          {t('overview.all')}
        </AppLink>
      </header>
      {LEVELS.some((level) => counts[level] > 0) && (
        <ul className="md-card-body md-finding-counts">
          {LEVELS.filter((level) => counts[level] > 0).map((level) => (
            <li key={level}>
              <StatusDot tone={level}>
                <AppLink place={places.findings(mesh, { levels: level })}>
                  {t(`levels.${level}`)}: {counts[level]}
                </AppLink>
              </StatusDot>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
