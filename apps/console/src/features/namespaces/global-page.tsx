import type { MeshView } from '@meshdeck/contract'
import { HUB, type Mesh } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { lazy, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../components/page.tsx'
import { EmptyState, QueryView } from '../../components/states.tsx'
import { useCan } from '../../lib/access.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { meshQueries } from '../../resource-kit/mesh-queries.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { resourceQueries } from '../../resource-kit/resource-queries.ts'
import { ClusterDefaults } from './cluster-defaults.tsx'
import css from './namespaces.css?inline'
import { SidecarTabs } from './sidecar-tabs.tsx'
import { TouchedWorkloads } from './touched-workloads.tsx'

const GlobalEditor = lazy(() => import('./global-editor.tsx').then((module) => ({ default: module.GlobalEditor })))

const schema = searchSchema({ edit: param.flag(), view: param.oneOf(['form', 'yaml'], 'form') })
const DOCS = 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/'

/** What holds for the sidecars of the whole mesh; of a mesh that Meshdeck installs it is set here. */
export function GlobalPage() {
  useStyle(kitCss)
  useStyle(css)
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const [{ edit, view }, setSearch] = usePageSearch(schema)
  const right = useCan('update', 'Mesh', { cluster: HUB, name: mesh })
  const query = useQuery(meshQueries.list())
  const found = query.data?.items.find(({ name }) => name === mesh)
  const isOurs = found !== undefined && found.mode !== 'External'
  if (edit && isOurs) {
    return <GlobalEditor mesh={mesh} view={view} onView={(next) => setSearch({ view: next }, { replace: true })} />
  }
  return (
    <Page
      title={t('global.title')}
      description={t('global.what')}
      docs={DOCS}
      aside={<SidecarTabs current="global" />}
      failures={query.data?.failures}
      actions={
        isOurs &&
        right.allowed && (
          <Button type="primary" onClick={() => setSearch({ edit: true })}>
            {t('common:actions.edit')}
          </Button>
        )
      }
    >
      <QueryView query={query}>
        {() =>
          found === undefined ? (
            <EmptyState title={t('global.gone', { mesh })} />
          ) : found.mode === 'External' ? (
            <>
              <Alert type="info" showIcon title={t('global.external')} description={t('global.externalWhy')} />
              <Defaults view={found} record={undefined} />
            </>
          ) : (
            <Installed view={found} />
          )
        }
      </QueryView>
    </Page>
  )
}

function Installed({ view }: { view: MeshView }) {
  const query = useQuery(resourceQueries.detail({ cluster: HUB, kind: 'Mesh', name: view.name }))
  return (
    <QueryView query={query}>
      {/* The boundary: the hub's schema promises the shape. */}
      {(record) => <Defaults view={view} record={record as Mesh} />}
    </QueryView>
  )
}

function Defaults({ view, record }: { view: MeshView; record: Mesh | undefined }) {
  const { t } = useTranslation('namespaces')
  return (
    <div className="md-stack">
      {record && (
        <Card title={t('global.mesh')}>
          <dl className="md-facts">
            <dt>{t('global.fields.inject')}</dt>
            <dd>
              {record.spec.dataPlane?.mode === 'Ambient'
                ? t('global.ambient')
                : t(record.spec.dataPlane?.injectByDefault === true ? 'global.on' : 'global.off')}
            </dd>
            <dt>{t('global.fields.discovery')}</dt>
            <dd>{t(`global.discoveries.${record.spec.dataPlane?.discovery ?? 'All'}`)}</dd>
          </dl>
        </Card>
      )}
      <Card title={t('global.switch')}>
        <TouchedWorkloads />
      </Card>
      <Card title={t('global.clusters')} help={t('global.clustersHelp')}>
        <ClusterDefaults view={view} record={record} />
      </Card>
    </div>
  )
}

function Card({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  return (
    <section className="md-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {help && <span className="md-muted">{help}</span>}
      </header>
      <div className="md-card-body md-stack">{children}</div>
    </section>
  )
}
