import type { MeshView } from '@meshdeck/contract'
import type { Mesh, Resources } from '@meshdeck/kube'
import { placesOf, readInjectorValues, wantedProxyDefaults, type Place, type ProxyDefaults } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { LoadingState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useProblemText } from '../../components/problem-text.tsx'
import { ApiError } from '../../lib/api.ts'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { ownResources } from './global-values.ts'

export interface ClusterDefaultsProps {
  view: MeshView
  /** The record, for a mesh that Meshdeck installs. */
  record: Mesh | undefined
}

/** For each cluster what is wanted of its sidecars, and what its injector gives them now. */
export function ClusterDefaults({ view, record }: ClusterDefaultsProps) {
  const { t } = useTranslation('namespaces')
  const places = record ? placesOf(record, () => undefined) : []
  return (
    <div className="md-table-scroll">
      <table className="md-plain-table">
        <thead>
          <tr>
            <th scope="col">{t('glossary:cluster')}</th>
            {record && <th scope="col">{t('global.wanted')}</th>}
            <th scope="col">{t('global.inForce')}</th>
          </tr>
        </thead>
        <tbody>
          {view.clusters.map(({ name }) => {
            const place = places.find((each) => each.cluster === name)
            return (
              <tr key={name}>
                <td>
                  {name}
                  {name === view.controlPlaneCluster && <div className="md-muted">{t('global.controlPlane')}</div>}
                </td>
                {record && (
                  <td>
                    {place ? (
                      <Wanted mesh={record} place={place} wanted={wantedProxyDefaults(record, place, places)} />
                    ) : (
                      '–'
                    )}
                  </td>
                )}
                <td>
                  {place?.role === 'remote' ? (
                    <span className="md-muted">{t('global.byPrimary', { cluster: view.controlPlaneCluster })}</span>
                  ) : (
                    <InForce cluster={name} view={view} />
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** What the mesh and its values say, merged. Values that change something are marked, and those that cannot. */
function Wanted({ mesh, place, wanted }: { mesh: Mesh; place: Place; wanted: ProxyDefaults }) {
  const { t } = useTranslation('namespaces')
  const own = ownResources(mesh, place.cluster)
  const values = resourceWords(own)
  const isRemote = place.role === 'remote'
  return (
    <>
      <Defaults values={wanted} />
      {values !== '' && (
        <StatusDot
          tone={isRemote ? 'warning' : 'info'}
          reason={t(isRemote ? 'global.idleReason' : 'global.ownReason', { values })}
        >
          {t(isRemote ? 'global.idle' : 'global.own')}
        </StatusDot>
      )}
    </>
  )
}

/** What the ConfigMap of the cluster's injector says. */
function InForce({ cluster, view }: { cluster: string; view: MeshView }) {
  const { t } = useTranslation('namespaces')
  const describe = useProblemText()
  const { revision = 'default', namespace } = view
  const name = `istio-sidecar-injector${revision === 'default' ? '' : `-${revision}`}`
  const query = useQuery({
    ...resourceQueries.detail({ cluster, kind: 'ConfigMap', namespace, name }),
    retry: false,
  })
  if (query.isPending) return <LoadingState rows={1} />
  if (query.isError) {
    const isAbsent = query.error instanceof ApiError && query.error.status === 404
    if (isAbsent)
      return <StatusDot tone="unknown">{t('global.noInjector', { name: `${namespace}/${name}` })}</StatusDot>
    const { title, detail, hint } = describe(query.error)
    return (
      <StatusDot tone="warning" reason={hint}>
        {[title, detail].filter(Boolean).join(': ')}
      </StatusDot>
    )
  }
  const values = readInjectorValues(query.data)
  if (values === undefined) return <StatusDot tone="warning">{t('global.unreadable', { name })}</StatusDot>
  return <Defaults values={values} />
}

function Defaults({ values }: { values: ProxyDefaults }) {
  const { t } = useTranslation('namespaces')
  const { injectByDefault, resources, logLevel, imagePullPolicy, image } = values
  const unset = t('global.asIstio')
  return (
    <dl className="md-facts">
      <dt>{t('global.fields.inject')}</dt>
      <dd>{t(injectByDefault ? 'global.on' : 'global.off')}</dd>
      <dt>{t('global.fields.cpu')}</dt>
      <dd>{pair(resources, 'cpu', unset)}</dd>
      <dt>{t('global.fields.memory')}</dt>
      <dd>{pair(resources, 'memory', unset)}</dd>
      <dt>{t('global.fields.logLevel')}</dt>
      <dd>{logLevel ?? unset}</dd>
      <dt>{t('global.fields.pullPolicy')}</dt>
      <dd>{imagePullPolicy ?? unset}</dd>
      {image !== undefined && (
        <>
          <dt>{t('global.fields.image')}</dt>
          <dd>
            <code>{image}</code>
          </dd>
        </>
      )}
    </dl>
  )
}

function pair(resources: Resources | undefined, what: 'cpu' | 'memory', unset: string): string {
  const [request, limit] = [resources?.requests?.[what], resources?.limits?.[what]]
  return request === undefined && limit === undefined ? unset : `${request ?? '–'} / ${limit ?? '–'}`
}

function resourceWords({ requests, limits }: Resources): string {
  return [
    ...Object.entries(requests ?? {}).map(([what, value]) => `requests.${what}=${value}`),
    ...Object.entries(limits ?? {}).map(([what, value]) => `limits.${what}=${value}`),
  ].join(', ')
}
