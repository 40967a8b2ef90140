import type { MeshView } from '@meshdeck/contract'
import { healthOf } from '@meshdeck/mesh'
import Tag from 'antd/es/tag'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { useFormat } from '../../lib/format.ts'
import { places } from '../../lib/places.ts'
import { MeshPhaseDot, MeshVersion, obstaclesOf } from './mesh-facts.tsx'
import { MeshMembers } from './mesh-members.tsx'
import { Sparkline } from './sparkline.tsx'

export interface MeshCardProps {
  mesh: MeshView
  menu: ReactNode
}

/** A mesh at a glance: is it well, how big is it, how much goes through it, what needs attention. */
export function MeshCard({ mesh, menu }: MeshCardProps) {
  const { t } = useTranslation('fleet')
  const format = useFormat()
  const { clusters, services, pods } = mesh.counters
  const [obstacle] = obstaclesOf(mesh)
  const without = pods === undefined ? 0 : pods.total - pods.injected
  return (
    <article className="md-card md-mesh-card" aria-label={mesh.name}>
      <header>
        <h2>
          <AppLink place={places.overview(mesh.name)}>{mesh.name}</AppLink>
        </h2>
        {mesh.displayName && <span className="md-muted">{mesh.displayName}</span>}
        <Tag>{t(`glossary:meshMode.${mesh.mode}`)}</Tag>
        <span className="md-push">
          <MeshPhaseDot mesh={mesh} />
        </span>
        {menu}
      </header>
      <div className="md-card-body md-stack">
        <dl className="md-mesh-counters">
          <div>
            <dt>Istio</dt>
            <dd>
              <MeshVersion mesh={mesh} />
            </dd>
          </div>
          <div>
            <dt>{t('meshes.clustersHealthy')}</dt>
            <dd>{t('meshes.of', { part: format.number(clusters.healthy), total: format.number(clusters.total) })}</dd>
          </div>
          <div>
            <dt>{t('meshes.services')}</dt>
            <dd>{format.number(services?.total)}</dd>
          </div>
          <div>
            <dt>{t('meshes.injectedPods')}</dt>
            <dd>{pods === undefined ? '–' : `${format.number(pods.injected)} / ${format.number(pods.total)}`}</dd>
          </div>
        </dl>
        <MeshMembers mesh={mesh} />
        {mesh.created !== undefined && (
          <p className="md-muted">
            {t('glossary:created')} <RelativeTime at={mesh.created} />
          </p>
        )}
        <Traffic mesh={mesh} />
      </div>
      {obstacle !== undefined && <p className="md-mesh-note md-mesh-note-problem">{obstacle}</p>}
      {obstacle === undefined && without > 0 && (
        <p className="md-mesh-note">
          {t('meshes.withoutSidecar', { count: without })}{' '}
          <AppLink place={places.sidecarNamespaces(mesh.name)}>{t('meshes.show')}</AppLink>
        </p>
      )}
    </article>
  )
}

function Traffic({ mesh: { traffic } }: { mesh: MeshView }) {
  const { t } = useTranslation('fleet')
  const format = useFormat()
  if (!traffic) return <p className="md-muted">{t('meshes.noMetrics')}</p>
  return (
    <p className="md-mesh-traffic">
      <Sparkline values={traffic.sparkline} />
      <span>
        <strong>{format.rate(traffic.requestRate)}</strong> {t('glossary:rps')}
      </span>
      <span className={healthOf(traffic) === 'critical' ? 'md-fault' : ''}>
        {t('meshes.errors', { share: format.percent(traffic.errorRate) })}
      </span>
    </p>
  )
}
