import type { ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../components/status-dot.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { findingQueries } from './finding-queries.ts'
import { FindingLevel, FindingText } from './finding-text.tsx'

/** What the analysis says of one object. Says nothing where it could not be asked: the page has enough to tell of that. */
export function FindingsPanel({ target }: { target: ResourceRef }) {
  const { t } = useTranslation('findings')
  const { mesh } = useMeshScope()
  const { data } = useQuery(findingQueries.of(mesh, target))
  if (data === undefined) return null
  const own = data.items.filter(({ cluster }) => cluster === target.cluster)
  return (
    <section className="md-card" aria-label={t('panel.title')}>
      <header>
        <h2>{t('panel.title')}</h2>
        {own.length === 0 && <StatusDot tone="success">{t('panel.none')}</StatusDot>}
      </header>
      {own.length > 0 && (
        <ul className="md-card-body md-findings">
          {own.map((finding) => (
            <li key={`${finding.code} ${finding.path} ${JSON.stringify(finding.values)}`}>
              <FindingLevel level={finding.level} />
              <FindingText finding={finding} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
