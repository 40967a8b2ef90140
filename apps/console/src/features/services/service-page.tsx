import type { ServiceDetail, ServiceView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import Tabs from 'antd/es/tabs'
import { lazy, Suspense, useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { problemOf } from '../../components/problem-text.tsx'
import { RowMenu } from '../../components/row-menu.tsx'
import { EmptyState, LoadingState, QueryView } from '../../components/states.tsx'
import { wizardPlaces } from '../../lib/wizard-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { AddressesTab } from './addresses-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { serviceQueries } from './queries.ts'
import { useServiceActions } from './service-actions.ts'
import { ServiceHealth } from './service-health.tsx'
import css from './services.css?inline'
import { WorkloadsTab } from './workloads-tab.tsx'

const DiagnosisTab = lazy(() => import('./diagnosis-tab.tsx').then((module) => ({ default: module.DiagnosisTab })))
/** Printing YAML needs its library; the other tabs do not. */
const YamlTab = lazy(() => import('./yaml-tab.tsx').then((module) => ({ default: module.YamlTab })))

const InstancesTab = lazy(() => import('./instances-tab.tsx').then((module) => ({ default: module.InstancesTab })))
const RulesTab = lazy(() => import('./rules-tab.tsx').then((module) => ({ default: module.RulesTab })))
const VersionsTab = lazy(() => import('./versions-tab.tsx').then((module) => ({ default: module.VersionsTab })))

const TABS = [
  'overview',
  'addresses',
  'workloads',
  'instances',
  'versions',
  'traffic',
  'topology',
  'rules',
  'diagnosis',
  'yaml',
] as const
type Tab = (typeof TABS)[number]

export interface ServicePageProps {
  /** What other features show of a service. */
  traffic: (detail: ServiceDetail) => ReactNode
  topology: (detail: ServiceDetail) => ReactNode
}

/** One service over all clusters of the mesh. */
export function ServicePage(parts: ServicePageProps) {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('services')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const {
    namespace = '',
    name = '',
    tab: wanted,
  }: { namespace?: string; name?: string; tab?: string } = useParams({ strict: false })
  const tab = TABS.find((known) => known === wanted) ?? 'overview'
  const query = useQuery(serviceQueries.detail(mesh, namespace, name))
  const gone = query.isError && problemOf(query.error).code === 'not-found'
  return (
    <Page
      title={name}
      aside={
        query.data && (
          <span className="md-service-aside">
            <ServiceHealth service={query.data.service} />{' '}
            <span className="md-muted">{t('inNamespace', { namespace })}</span>
          </span>
        )
      }
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={
        <>
          <AppLink place={wizardPlaces.list(mesh, { service: `${namespace}/${name}` })}>{t('toWizards')}</AppLink>
          <AppLink place={places.explain(mesh, questionAbout(namespace, name, query.data))}>{t('toExplain')}</AppLink>
          <AppLink place={places.topology(mesh, { namespaces: namespace })}>{t('toTopology')}</AppLink>
          {query.data && <ServiceMenu service={query.data.service} />}
        </>
      }
    >
      {gone ? (
        <EmptyState
          title={t('gone', { namespace, name })}
          action={<AppLink place={places.services(mesh)}>{t('toServices')}</AppLink>}
        />
      ) : (
        <QueryView query={query}>
          {(detail) => (
            <Tabs
              activeKey={tab}
              onChange={(key) => void navigate(places.service(mesh, namespace, name, key))}
              items={TABS.map((key) => ({
                key,
                label: labelOf(key),
                children:
                  key === tab ? (
                    <Suspense fallback={<LoadingState rows={9} />}>{contentOf(key, detail, parts)}</Suspense>
                  ) : null,
              }))}
            />
          )}
        </QueryView>
      )}
    </Page>
  )

  function labelOf(key: Tab): string {
    if (key !== 'workloads' || query.data === undefined) return t(`tabs.${key}`)
    return t('tabCount', { name: t(`tabs.${key}`), count: query.data.workloads.length })
  }
}

/** The same that the list offers for a row. */
function ServiceMenu({ service }: { service: ServiceView }) {
  const rows = useMemo(() => [service], [service])
  const actions = useServiceActions(rows)
  return <RowMenu actions={actions(service)} name={service.name} />
}

/** A question that is begun: who calls is still to be said. */
function questionAbout(namespace: string, name: string, detail: ServiceDetail | undefined): Record<string, string> {
  const [port] = detail?.service.ports ?? []
  return { host: `${name}.${namespace}`, ...(port === undefined ? {} : { port: String(port.port) }) }
}

function contentOf(tab: Tab, detail: ServiceDetail, { traffic, topology }: ServicePageProps): ReactNode {
  switch (tab) {
    case 'overview':
      return <OverviewTab detail={detail} />
    case 'addresses':
      return <AddressesTab detail={detail} />
    case 'workloads':
      return <WorkloadsTab detail={detail} />
    case 'instances':
      return <InstancesTab service={detail.service} />
    case 'versions':
      return <VersionsTab service={detail.service} />
    case 'traffic':
      return traffic(detail)
    case 'topology':
      return topology(detail)
    case 'rules':
      return <RulesTab detail={detail} />
    case 'diagnosis':
      return <DiagnosisTab detail={detail} />
    case 'yaml':
      return <YamlTab service={detail.service} />
  }
}
