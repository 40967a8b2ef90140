import type { ClusterView } from '@meshdeck/contract'
import Tag from 'antd/es/tag'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import type { DataColumn } from '../../components/data-table.tsx'
import { RelativeTime } from '../../components/relative-time.tsx'
import { useFormat } from '../../lib/format.ts'
import type { LocalReader } from '../../lib/local-page.ts'
import { places } from '../../lib/places.ts'
import { ClusterConditionDot, ClusterStatus } from '../../resource-kit/cluster-status.tsx'

/** How the list of clusters is searched and sorted. */
export const clusterReader: LocalReader<ClusterView> = {
  sort: {
    name: (cluster) => cluster.name,
    status: (cluster) => cluster.state,
    version: (cluster) => cluster.version,
    nodes: (cluster) => cluster.nodes,
    region: (cluster) => cluster.region,
    network: (cluster) => cluster.network,
    lastSeen: (cluster) => cluster.lastSeen,
    created: (cluster) => cluster.created,
  },
  texts: (cluster) => [
    cluster.name,
    cluster.displayName,
    cluster.version,
    cluster.region,
    cluster.network,
    ...cluster.meshes,
  ],
}

/** Columns of a list of clusters. */
export function useClusterColumns(): DataColumn<ClusterView>[] {
  const { t } = useTranslation('fleet')
  const format = useFormat()
  return [
    {
      id: 'name',
      title: t('glossary:cluster'),
      sortable: true,
      fixed: true,
      render: (cluster) => (
        <>
          <AppLink place={places.cluster(cluster.name)} className="md-row-name">
            {cluster.name}
          </AppLink>{' '}
          {cluster.hub && <Tag>{t('clusters.hub')}</Tag>}
          {cluster.displayName && <div className="md-muted">{cluster.displayName}</div>}
        </>
      ),
    },
    {
      id: 'status',
      title: t('clusters.status'),
      sortable: true,
      render: (cluster) => <ClusterStatus cluster={cluster} />,
    },
    {
      id: 'rights',
      title: t('clusters.rights'),
      render: (cluster) => <ClusterConditionDot cluster={cluster} type="Permitted" />,
    },
    {
      id: 'prometheus',
      title: 'Prometheus',
      render: (cluster) => <ClusterConditionDot cluster={cluster} type="PrometheusReachable" />,
    },
    { id: 'version', title: 'Kubernetes', sortable: true, render: (cluster) => cluster.version ?? '–' },
    { id: 'nodes', title: t('clusters.nodes'), sortable: true, render: (cluster) => format.number(cluster.nodes) },
    {
      id: 'istio',
      title: 'Istio',
      render: ({ istio }) =>
        istio.length === 0
          ? '–'
          : istio.map(({ namespace, revision, version }) => (
              <div key={`${namespace}/${revision}`}>
                {version} <span className="md-muted">{namespace}</span>
              </div>
            )),
    },
    {
      id: 'meshes',
      title: t('clusters.meshes'),
      render: ({ meshes }) =>
        meshes.length === 0
          ? '–'
          : meshes.map((mesh) => (
              <div key={mesh}>
                <AppLink place={places.overview(mesh)}>{mesh}</AppLink>
              </div>
            )),
    },
    { id: 'region', title: t('clusters.region'), sortable: true, render: (cluster) => cluster.region ?? '–' },
    { id: 'network', title: t('clusters.network'), sortable: true, render: (cluster) => cluster.network ?? '–' },
    {
      id: 'lastSeen',
      title: t('clusters.lastSeen'),
      sortable: true,
      render: (cluster) => <RelativeTime at={cluster.lastSeen} />,
    },
  ]
}
