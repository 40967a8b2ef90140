import type { ServiceDetail } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'

/** Istio's objects that name the service's host. */
export function RulesTab({ detail: { rules, service } }: { detail: ServiceDetail }) {
  const { t } = useTranslation(['services', 'resources'])
  const { mesh } = useMeshScope()
  return (
    <section className="md-card">
      {rules.length === 0 ? (
        <EmptyState
          title={t('rules.none')}
          action={
            <AppLink place={places.kindCreate(mesh, 'VirtualService', { namespace: service.namespace })}>
              {t('rules.create')}
            </AppLink>
          }
        >
          {t('rules.noneHint')}
        </EmptyState>
      ) : (
        <table className="md-plain-table" aria-label={t('tabs.rules')}>
          <thead>
            <tr>
              <th scope="col">{t('glossary:name')}</th>
              <th scope="col">{t('workloads.kind')}</th>
              <th scope="col">{t('glossary:namespace')}</th>
              <th scope="col">{t('glossary:cluster')}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map(({ cluster, kind, namespace, name }) => {
              const known = findKind(kind)
              return (
                <tr key={[cluster, kind, namespace, name].join('/')}>
                  <td>
                    {known ? (
                      <AppLink place={places.object(mesh, { kind: known.id, cluster, namespace, name })}>
                        {name}
                      </AppLink>
                    ) : (
                      name
                    )}
                  </td>
                  <td>{t(`resources:kinds.${kind}.singular`)}</td>
                  <td>{namespace}</td>
                  <td>{cluster}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </section>
  )
}
