import type { ClusterView } from '@meshdeck/contract'
import { HUB } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Tag from 'antd/es/tag'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { useFormat } from '../../lib/format.ts'
import { places } from '../../lib/places.ts'
import { useStyle } from '../../lib/use-style.ts'
import { clusterQueries } from '../../resource-kit/cluster-queries.ts'
import { ClusterStatus } from '../../resource-kit/cluster-status.tsx'
import { ConditionsTable } from '../../resource-kit/conditions-table.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { clusterPlaces } from './cluster-places.ts'
import { OrphansCard } from './orphans-card.tsx'
import { LeaveDialog } from './leave-dialog.tsx'
import { useMayLeave } from './use-leave.ts'
import { useMayRenew } from './use-may-renew.ts'

/** One cluster: facts, what the controller found, the Istio in it, the meshes that use it. */
export function ClusterPage() {
  useStyle(kitCss)
  const { t } = useTranslation(['fleet', 'clusters'])
  const navigate = useNavigate()
  const { cluster: name = '' }: { cluster?: string } = useParams({ strict: false })
  const query = useQuery(clusterQueries.detail(name))
  const mayLeave = useMayLeave()
  const mayEdit = useCan('update', 'Cluster', { cluster: HUB, name })
  const mayRenew = useMayRenew()
  const [leaving, setLeaving] = useState(false)
  const cluster = query.data
  return (
    <Page
      title={name}
      description={cluster?.displayName}
      aside={
        cluster && (
          <>
            <ClusterStatus cluster={cluster} />
            {cluster.hub && <Tag>{t('clusters.hub')}</Tag>}
          </>
        )
      }
      actions={
        cluster && (
          <>
            {mayEdit.allowed && (
              <Button onClick={() => void navigate(clusterPlaces.edit(name))}>{t('actions.edit')}</Button>
            )}
            {mayRenew.allowed && cluster.source === 'secret' && (
              <Button onClick={() => void navigate(clusterPlaces.renew(name))}>{t('clusters:renew')}</Button>
            )}
            {mayLeave(cluster) && (
              <Button danger onClick={() => setLeaving(true)}>
                {t('clusters.leave.ok')}
              </Button>
            )}
          </>
        )
      }
    >
      <QueryView query={query}>{(data) => <ClusterDetail cluster={data} />}</QueryView>
      {cluster && leaving && (
        <LeaveDialog
          cluster={cluster}
          onClose={(left) => {
            setLeaving(false)
            if (left) void navigate(places.clusters())
          }}
        />
      )}
    </Page>
  )
}

function ClusterDetail({ cluster }: { cluster: ClusterView }) {
  const { t } = useTranslation(['fleet', 'clusters'])
  const format = useFormat()
  return (
    <>
      <section className="md-card" aria-label={t('clusters.facts')}>
        <div className="md-card-body">
          <dl className="md-facts">
            <dt>Kubernetes</dt>
            <dd>{cluster.version ?? '–'}</dd>
            <dt>{t('clusters.nodes')}</dt>
            <dd>{format.number(cluster.nodes)}</dd>
            <dt>Prometheus</dt>
            <dd>{cluster.prometheusUrl ?? t('clusters.noPrometheus')}</dd>
            <dt>{t('clusters:provider')}</dt>
            <dd>{cluster.provider ?? '–'}</dd>
            <dt>{t('clusters.region')}</dt>
            <dd>{cluster.region ?? '–'}</dd>
            <dt>{t('clusters.network')}</dt>
            <dd>{cluster.network ?? '–'}</dd>
            <dt>{t('clusters.source')}</dt>
            <dd>{t(`clusters.sources.${cluster.source}`)}</dd>
            <dt>{t('clusters.lastSeen')}</dt>
            <dd>
              <RelativeTime at={cluster.lastSeen} />
            </dd>
            <dt>{t('clusters.meshes')}</dt>
            <dd>
              {cluster.meshes.length === 0
                ? t('clusters.noMeshes')
                : cluster.meshes.map((mesh) => (
                    <div key={mesh}>
                      <AppLink place={places.overview(mesh)}>{mesh}</AppLink>
                    </div>
                  ))}
            </dd>
          </dl>
        </div>
      </section>
      <section className="md-card">
        <header>
          <h2>{t('conditions.title')}</h2>
        </header>
        <ConditionsTable conditions={cluster.conditions} label={t('conditions.title')} />
      </section>
      <section className="md-card">
        <header>
          <h2>Istio</h2>
        </header>
        {cluster.istio.length === 0 ? (
          <p className="md-card-body md-muted">{t('clusters.noIstio')}</p>
        ) : (
          <table className="md-plain-table" aria-label="Istio">
            <thead>
              <tr>
                <th scope="col">{t('clusters.revision')}</th>
                <th scope="col">{t('glossary:namespace')}</th>
                <th scope="col">{t('clusters.version')}</th>
                <th scope="col">{t('clusters.ready')}</th>
              </tr>
            </thead>
            <tbody>
              {cluster.istio.map(({ revision, namespace, version, ready, replicas }) => (
                <tr key={`${namespace}/${revision}`}>
                  <th scope="row">{revision}</th>
                  <td>{namespace}</td>
                  <td>{version}</td>
                  <td>{replicas === undefined ? '–' : `${format.number(ready ?? 0)} / ${format.number(replicas)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <OrphansCard cluster={cluster.name} />
    </>
  )
}
