import type { ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { FailureBanners } from '../components/failure-banners.tsx'
import { QueryView } from '../components/states.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { ReferenceTable } from './reference-list.tsx'
import { referencesOf } from './reference-queries.ts'

/** What uses an object, and what it uses: what rests on it, and what it rests on. */
export function ObjectReferences({ target }: { target: ResourceRef }) {
  const { t } = useTranslation('references')
  const { mesh } = useMeshScope()
  const query = useQuery(referencesOf(mesh, [target]))
  return (
    <QueryView query={query}>
      {({ items: [found], hidden, failures }) => (
        <div className="md-stack">
          <FailureBanners failures={failures} onRetry={() => void query.refetch()} />
          {hidden.length > 0 && <Alert type="info" showIcon title={t('hidden', { kinds: hidden.join(', ') })} />}
          {(['usedBy', 'uses'] as const).map((direction) => {
            const items = found?.[direction] ?? []
            return (
              <section key={direction} className="md-card" aria-label={t(direction)}>
                <header>
                  <h2>{t(direction)}</h2>
                </header>
                {items.length === 0 ? (
                  <p className="md-card-body md-muted">{t(`none.${direction}`)}</p>
                ) : (
                  <ReferenceTable label={t(direction)} items={items} />
                )}
              </section>
            )
          })}
        </div>
      )}
    </QueryView>
  )
}
