import type { ServiceDetail } from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { FailureBanners } from '../../components/failure-banners.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import { ReferredLink } from '../../resource-kit/reference-list.tsx'
import { referencesOf } from '../../resource-kit/reference-queries.ts'
import { askedAbout, rulesInForce, type RuleInForce } from './rules-in-force.ts'

/** The rules in force on the service: those that name it, and those for its workloads, its namespace, or the mesh. */
export function RulesTab({ detail }: { detail: ServiceDetail }) {
  const { t } = useTranslation(['service-tabs', 'services'])
  const { mesh } = useMeshScope()
  const meshes = useQuery(meshQueries.list())
  const root = meshes.data?.items.find(({ name }) => name === mesh)?.namespace ?? ''
  const asked = useMemo(() => askedAbout(detail, root), [detail, root])
  const query = useQuery(
    referencesOf(
      mesh,
      asked.map(({ ref }) => ref),
    ),
  )
  return (
    <QueryView query={query}>
      {(answer) => {
        const rules = rulesInForce(asked, answer)
        return (
          <div className="md-stack">
            <FailureBanners failures={answer.failures} onRetry={() => void query.refetch()} />
            {answer.hidden.length > 0 && (
              <Alert type="info" showIcon title={t('rules.hidden', { kinds: answer.hidden.join(', ') })} />
            )}
            <section className="md-card">
              {rules.length === 0 ? (
                <EmptyState
                  title={t('services:rules.none')}
                  action={
                    <AppLink place={places.kindCreate(mesh, 'VirtualService', { namespace: detail.service.namespace })}>
                      {t('services:rules.create')}
                    </AppLink>
                  }
                >
                  {t('services:rules.noneHint')}
                </EmptyState>
              ) : (
                <RulesTable rules={rules} />
              )}
            </section>
          </div>
        )
      }}
    </QueryView>
  )
}

function RulesTable({ rules }: { rules: readonly RuleInForce[] }) {
  const { t } = useTranslation(['service-tabs', 'services'])
  return (
    <table className="md-plain-table" aria-label={t('services:tabs.rules')}>
      <thead>
        <tr>
          <th scope="col">{t('glossary:name')}</th>
          <th scope="col">{t('services:workloads.kind')}</th>
          <th scope="col">{t('rules.why')}</th>
          <th scope="col">{t('glossary:namespace')}</th>
          <th scope="col">{t('glossary:cluster')}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ object, reasons }) => (
          <tr key={[object.cluster, object.kind, object.namespace, object.name].join('/')}>
            <td>
              <ReferredLink object={object} />
            </td>
            <td>{findKind(object.kind)?.kind ?? object.kind}</td>
            <td>
              <ul className="md-plain-list">
                {reasons.map(({ reason, path, workload }) => (
                  <li key={[reason, path, workload].join(' ')}>
                    {t(`rules.reasons.${reason}`, { workload })} <code>{path}</code>
                  </li>
                ))}
              </ul>
            </td>
            <td>{object.namespace}</td>
            <td>{object.cluster}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
