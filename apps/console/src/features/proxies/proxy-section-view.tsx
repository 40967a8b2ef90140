import type { ProxyRef } from '@meshdeck/contract'
import type { ConfigSection } from '@meshdeck/mesh/proxy-config'
import { useQueryClient } from '@tanstack/react-query'
import Button from 'antd/es/button'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { LoadingState } from '../../components/states.tsx'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { DifferencesTable } from './differences-table.tsx'
import { programOf } from './program-of.ts'
import { PROXY_VIEWS } from './queries.ts'
import { RowsTable } from './rows-table.tsx'

const JsonDialog = lazy(() => import('./json-dialog.tsx').then((module) => ({ default: module.JsonDialog })))

/** `json`: name of the resource whose JSON is open, or `*` for that of the whole section. */
const schema = searchSchema({ json: param.text() })
const WHOLE = '*'

/** What `istioctl` calls it. */
const COMMANDS: Readonly<Record<ConfigSection, string>> = {
  listeners: 'proxy-config listener',
  routes: 'proxy-config route',
  clusters: 'proxy-config cluster',
  endpoints: 'proxy-config endpoint',
  certificates: 'proxy-config secret',
  bootstrap: 'proxy-config bootstrap',
  workloads: 'ztunnel-config workload',
  services: 'ztunnel-config service',
  policies: 'ztunnel-config policy',
  'workload-certificates': 'ztunnel-config certificate',
  settings: 'ztunnel-config all --output json',
}

export interface ProxySectionViewProps {
  proxy: ProxyRef
  /** The one to compare with. */
  other: ProxyRef | undefined
  section: ConfigSection
  /** Where the Istio objects lie that make it. */
  configCluster: string
}

/** One section of a proxy as a table, or what is different in another one; with the proxy's own JSON behind each line. */
export function ProxySectionView({ proxy, other, section, configCluster }: ProxySectionViewProps) {
  const { t } = useTranslation('proxies')
  const client = useQueryClient()
  const [{ json }, setSearch] = usePageSearch(schema)
  const openJson = (resource: string): void => setSearch({ json: resource })
  return (
    <div className="md-stack">
      <p className="md-muted">{t(`sectionWhat.${section}`)}</p>
      {other === undefined ? (
        <RowsTable proxy={proxy} section={section} configCluster={configCluster} onJson={openJson} />
      ) : (
        <DifferencesTable proxy={proxy} other={other} section={section} onJson={openJson} />
      )}
      <p className="md-links">
        <Button
          onClick={() => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === PROXY_VIEWS })}
        >
          {t('readAgain')}
        </Button>
        <Button onClick={() => openJson(WHOLE)}>{t('json.whole', { program: programOf(section) })}</Button>
      </p>
      <CommandBox
        command={[proxy, ...(other === undefined ? [] : [other])]
          .map(
            ({ cluster, namespace, pod }) => `istioctl --context ${cluster} ${COMMANDS[section]} ${pod}.${namespace}`,
          )
          .join('\n')}
      />
      {json !== '' && (
        <Suspense fallback={<LoadingState />}>
          <JsonDialog
            proxy={proxy}
            other={other}
            section={section}
            resource={json === WHOLE ? undefined : json}
            onClose={() => setSearch({ json: '' })}
          />
        </Suspense>
      )}
    </div>
  )
}
