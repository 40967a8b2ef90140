import type { ProxyRef } from '@meshdeck/contract'
import { PROXY_SECTIONS } from '@meshdeck/mesh/proxy-config'
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

const LOG_LEVEL = 'log-level'
const TABS = [...PROXY_SECTIONS, LOG_LEVEL] as const

/** One proxy: what it has of each section, how that differs from another one's, and how much it logs. */
export function ProxyPage({ proxy, section: wanted }: { proxy: ProxyRef; section: string | undefined }) {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('proxies')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const { compare = '' }: { compare?: string } = useSearch({ strict: false })
  const other = parseProxyRef(compare)
  const tab = TABS.find((known) => known === wanted) ?? 'listeners'
  // Who may not ask istiod can still look into a proxy.
  const { data } = useQuery(proxyQueries.choice(mesh))
  const view = data?.items.find(
    (each) => each.cluster === proxy.cluster && each.namespace === proxy.namespace && each.pod === proxy.pod,
  )
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
      {tab !== LOG_LEVEL && (
        <CompareChoice
          proxy={proxy}
          value={compare}
          onChange={(next) => void navigate(proxyPlaces.one(mesh, proxy, tab, next === '' ? {} : { compare: next }))}
        />
      )}
      <Tabs
        activeKey={tab}
        onChange={(key) => void navigate(proxyPlaces.one(mesh, proxy, key, kept))}
        items={TABS.map((key) => ({
          key,
          label: t(`sections.${key}`),
          children:
            key !== tab ? null : key === LOG_LEVEL ? (
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
