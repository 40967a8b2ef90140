import type { ServiceRoute, ServiceVersion, ServiceView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { FailureBanners } from '../../components/failure-banners.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { wizardPlaces } from '../../lib/wizard-places.ts'
import { useFormat } from '../../lib/format.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { usePreferences } from '../../lib/preferences.tsx'
import { TagList } from '../../resource-kit/column-cell.tsx'
import { serviceTabQueries } from './tab-queries.ts'

const WIZARDS = ['split', 'canary', 'mirror'] as const

/** The versions of the service over all clusters: what the rules want for each, and what it answers. */
export function VersionsTab({ service: { namespace, name } }: { service: ServiceView }) {
  const { t } = useTranslation('service-tabs')
  const { mesh } = useMeshScope()
  const [{ refreshSeconds }] = usePreferences()
  const query = useQuery(serviceTabQueries.versions(mesh, namespace, name, refreshSeconds))
  return (
    <QueryView query={query}>
      {({ versions, routes, hidden, failures, window }) => (
        <div className="md-stack">
          <FailureBanners failures={failures} onRetry={() => void query.refetch()} />
          {hidden.length > 0 && (
            <Alert type="info" showIcon title={t('versions.hidden', { kinds: hidden.join(', ') })} />
          )}
          <section className="md-card" aria-labelledby="versions-title">
            <header>
              <h2 id="versions-title">{t('versions.title')}</h2>
              <span className="md-push md-service-aside">
                {WIZARDS.map((wizard) => (
                  <AppLink key={wizard} place={wizardPlaces.wizard(mesh, wizard, { service: `${namespace}/${name}` })}>
                    {t(`versions.wizards.${wizard}`)}
                  </AppLink>
                ))}
              </span>
            </header>
            {versions.length === 0 ? (
              <EmptyState title={t('versions.none')}>{t('versions.noneHint')}</EmptyState>
            ) : (
              <VersionTable versions={versions} minutes={Math.round(window / 60)} />
            )}
          </section>
          {routes.length > 0 && <RouteTable routes={routes} />}
        </div>
      )}
    </QueryView>
  )
}

function VersionTable({ versions, minutes }: { versions: readonly ServiceVersion[]; minutes: number }) {
  const { t } = useTranslation('service-tabs')
  const format = useFormat()
  const { mesh } = useMeshScope()
  return (
    <>
      <table className="md-plain-table" aria-labelledby="versions-title">
        <thead>
          <tr>
            <th scope="col">{t('versions.version')}</th>
            <th scope="col">{t('versions.pods')}</th>
            <th scope="col">{t('versions.workloads')}</th>
            <th scope="col">{t('versions.subsets')}</th>
            <th scope="col">{t('versions.wanted')}</th>
            <th scope="col">{t('versions.measured')}</th>
            <th scope="col">{t('versions.requests')}</th>
            <th scope="col">{t('versions.errors')}</th>
            <th scope="col">{t('versions.latency')}</th>
          </tr>
        </thead>
        <tbody>
          {versions.map((each) => (
            <tr key={each.version}>
              <th scope="row">{each.version || t('versions.unversioned')}</th>
              <td>
                <Pods version={each} />
              </td>
              <td>
                {each.workloads.length === 0 ? (
                  '–'
                ) : (
                  <TagList texts={each.workloads.map(({ cluster, name }) => `${name} (${cluster})`)} />
                )}
              </td>
              <td>
                {each.subsets.length === 0 ? (
                  '–'
                ) : (
                  <ul className="md-plain-list">
                    {each.subsets.map(({ subset, ...rule }) => (
                      <li key={[rule.cluster, rule.namespace, rule.name, subset].join('/')}>
                        <AppLink place={places.object(mesh, { kind: 'DestinationRule', ...rule })}>
                          {t('versions.subsetOf', { subset, rule: rule.name, cluster: rule.cluster })}
                        </AppLink>
                      </li>
                    ))}
                  </ul>
                )}
              </td>
              <td>{each.wantedShare === undefined ? t('versions.byPods') : format.percent(each.wantedShare)}</td>
              <td>{format.percent(each.share)}</td>
              <td>{format.rate(each.requestRate)}</td>
              <td>{format.percent(each.errorRate)}</td>
              <td>{format.duration(each.latencyMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="md-card-body md-muted">{t('versions.how', { count: minutes })}</p>
    </>
  )
}

function Pods({ version: { pods, ready, clusters } }: { version: ServiceVersion }) {
  const { t } = useTranslation('service-tabs')
  const where = clusters
    .map((each) => t('versions.podsIn', { cluster: each.cluster, ready: each.ready, count: each.pods }))
    .join('; ')
  return (
    <StatusDot
      tone={pods === 0 ? 'unknown' : ready === pods ? 'success' : ready === 0 ? 'error' : 'warning'}
      {...(where === '' ? {} : { reason: where })}
    >
      {t('versions.readyOf', { ready, count: pods })}
    </StatusDot>
  )
}

function RouteTable({ routes }: { routes: readonly ServiceRoute[] }) {
  const { t } = useTranslation('service-tabs')
  const format = useFormat()
  const { mesh } = useMeshScope()
  return (
    <section className="md-card" aria-labelledby="routes-title">
      <header>
        <h2 id="routes-title">{t('routes.title')}</h2>
      </header>
      <table className="md-plain-table" aria-labelledby="routes-title">
        <thead>
          <tr>
            <th scope="col">{t('routes.rule')}</th>
            <th scope="col">{t('routes.route')}</th>
            <th scope="col">{t('routes.takes')}</th>
            <th scope="col">{t('routes.destinations')}</th>
          </tr>
        </thead>
        <tbody>
          {routes.map(({ route, conditional, applied, destinations, ...rule }) => (
            <tr key={[rule.cluster, rule.namespace, rule.name, route].join('/')}>
              <td>
                <AppLink place={places.object(mesh, { kind: 'VirtualService', ...rule })}>{rule.name}</AppLink>{' '}
                <span className="md-muted">{[rule.namespace, rule.cluster].join(' · ')}</span>
              </td>
              <td>{route}</td>
              <td>{t(conditional ? 'routes.some' : applied ? 'routes.decides' : 'routes.all')}</td>
              <td>
                <TagList
                  texts={destinations.map(
                    ({ host, subset, share }) =>
                      `${subset === undefined ? host : `${host} (${subset})`} ${format.percent(share)}`,
                  )}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
