import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Leftovers } from '../../resource-kit/leftovers.tsx'
import { orphansQuery } from '../../resource-kit/mesh-life.ts'

/** What meshes that are no more have left in a cluster. Not there while there is nothing to say. */
export function OrphansCard({ cluster }: { cluster: string }) {
  const { t } = useTranslation('lifecycle')
  const { data } = useQuery(orphansQuery(cluster))
  // A cluster that cannot be asked is told of above.
  if (data === undefined || data.items.length === 0) return null
  return (
    <section className="md-card" aria-label={t('orphans.title')}>
      <header>
        <h2>{t('orphans.title')}</h2>
      </header>
      <div className="md-card-body md-stack">
        <p>{t('orphans.what')}</p>
        {data.items.map((each) => (
          <Leftovers key={each.mesh} leftovers={each} title={t('orphans.ofMesh', { name: each.mesh })} />
        ))}
        {data.unread.length > 0 && (
          <p className="md-muted">{t('leftovers.unread', { kinds: data.unread.join(', ') })}</p>
        )}
      </div>
    </section>
  )
}
