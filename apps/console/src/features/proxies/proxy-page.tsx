import type { ProxyRef } from '@meshdeck/contract'
import { isZtunnelSection, PROXY_SECTIONS, ZTUNNEL_SECTIONS } from '@meshdeck/mesh/proxy-config'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import Tabs from 'antd/es/tabs'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { Page } from '../../components/page.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { proxyPlaces } from '../../lib/proxy-places.ts'
import { useStyle } from '../../lib/use-style.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { CompareChoice, parseProxyRef } from './compare-choice.tsx'
import { LogLevels } from './log-levels.tsx'
import { ProxySectionView } from './proxy-section-view.tsx'
import { proxyQueries } from './queries.ts'
import css from './proxies.css?inline'
import { ProxyStateDot } from './sync-state.tsx'

/** Of ztunnels another one, so that an address tells what it is about, as its other sections do. */
const LOG_LEVELS = ['log-level', 'ztunnel-log-level'] as const
const ENVOY_TABS = [...PROXY_SECTIONS, LOG_LEVELS[0]] as const
const ZTUNNEL_TABS = [...ZTUNNEL_SECTIONS, LOG_LEVELS[1]] as const
type Tab = (typeof ENVOY_TABS)[number] | (typeof ZTUNNEL_TABS)[number]

const isLogLevel = (tab: Tab): tab is (typeof LOG_LEVELS)[number] => LOG_LEVELS.some((each) => each === tab)

/** One proxy: what it has of each section, how that differs from another one's, and how much it logs. */
export function ProxyPage({ proxy, section: wanted }: { proxy: ProxyRef; section: string | undefined }) {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('proxies')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const { compare = '' }: { compare?: string } = useSearch({ strict: false })
  const other = parseProxyRef(compare)
  // Who may not ask istiod can still look into a proxy.
  const { data } = useQuery(proxyQueries.choice(mesh))
  const view = data?.items.find(
    (each) => each.cluster === proxy.cluster && each.namespace === proxy.namespace && each.pod === proxy.pod,
  )
  const isZtunnel =
    wanted === LOG_LEVELS[1] || (wanted !== undefined && isZtunnelSection(wanted)) || view?.type === 'ztunnel'
  const tabs: readonly Tab[] = isZtunnel ? ZTUNNEL_TABS : ENVOY_TABS
  const tab = tabs.find((known) => known === wanted) ?? (isZtunnel ? 'workloads' : 'listeners')
  const kept: Record<string, string> = compare === '' ? {} : { compare }
  return (
    <Page
      title={proxy.pod}
      description={t('one.what')}
      aside={
        <span>
          {view && <ProxyStateDot proxy={view} />}{' '}
          <span className="md-muted">
            {t('one.where', { namespace: proxy.namespace, cluster: proxy.cluster })}
            {view?.version && ` · ${view.version}`}
            {view?.istiod && ` · ${t('one.servedBy', { pod: view.istiod.pod })}`}
          </span>
        </span>
      }
      actions={<AppLink place={proxyPlaces.list(mesh)}>{t('all')}</AppLink>}
    >
      {!isLogLevel(tab) && (
        <CompareChoice
          proxy={proxy}
          isZtunnel={isZtunnel}
          value={compare}
          onChange={(next) => void navigate(proxyPlaces.one(mesh, proxy, tab, next === '' ? {} : { compare: next }))}
        />
      )}
      <Tabs
        activeKey={tab}
        onChange={(key) => void navigate(proxyPlaces.one(mesh, proxy, key, kept))}
        items={tabs.map((key) => ({
          key,
          label: t(`sections.${key}`),
          children:
            key !== tab ? null : isLogLevel(key) ? (
              <LogLevels proxy={proxy} />
            ) : (
              <ProxySectionView
                key={`${key} ${compare}`}
                proxy={proxy}
                other={other}
                section={key}
                configCluster={view?.istiod?.cluster ?? proxy.cluster}
              />
            ),
        }))}
      />
    </Page>
  )
}
