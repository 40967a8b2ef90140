import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { serviceLevelPlaces } from '../../lib/service-level-places.ts'
import { serviceLevelQueries } from '../../resource-kit/service-level-queries.ts'
import { ServiceLevelState, useTargetText } from '../../resource-kit/service-level-state.tsx'

/** What the service promises, and whether it keeps it. */
export function LevelsCard({ namespace, name, refreshSeconds }: LevelsCardProps) {
  const { t } = useTranslation('service-levels')
  const { mesh } = useMeshScope()
  const format = useFormat()
  const targetText = useTargetText()
  const query = useQuery(serviceLevelQueries.list(mesh, refreshSeconds, { namespace, service: name }))
  const mayCreate = useCan('create', 'ServiceLevel', { cluster: HUB }).allowed
  return (
    <section className="md-card" aria-label={t('card.title')}>
      <header>
        <h2>{t('card.title')}</h2>
        {mayCreate && (
          <AppLink place={serviceLevelPlaces.create(mesh, `${namespace}/${name}`)}>{t('card.create')}</AppLink>
        )}
      </header>
      <div className="md-card-body">
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="md-muted">{t('card.none')}</p>
            ) : (
              <ul className="md-plain-list">
                {items.map((level) => (
                  <li key={level.name}>
                    <AppLink place={serviceLevelPlaces.one(mesh, level.name)}>{level.name}</AppLink>{' '}
                    <ServiceLevelState level={level} />{' '}
                    <span className="md-muted">
                      {t('card.state', { target: targetText(level), left: format.percent(level.budgetLeft) })}
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </QueryView>
      </div>
    </section>
  )
}

interface LevelsCardProps {
  namespace: string
  name: string
  refreshSeconds: number
}
