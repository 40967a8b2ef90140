import { isRecord, kindOf, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { ownerOf, RECORDED_KINDS } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Tabs from 'antd/es/tabs'
import Tag from 'antd/es/tag'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IfAllowed } from '../components/if-allowed.tsx'
import { OnceIdle } from '../components/once-idle.tsx'
import { Page } from '../components/page.tsx'
import { CommandBox } from '../components/command-box.tsx'
import { RelativeTime } from '../components/relative-time.tsx'
import { LoadingState, QueryView } from '../components/states.tsx'
import { StatusDot } from '../components/status-dot.tsx'
import { YamlEditor } from '../components/yaml-editor.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { places } from '../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../lib/search-params.ts'
import { useStyle } from '../lib/use-style.ts'
import { TagList } from './column-cell.tsx'
import { toYaml } from './draft.ts'
import { FieldTree } from './field-tree.tsx'
import { FindingsPanel } from './findings-panel.tsx'
import { kindDocs } from './kind-docs.ts'
import { kubectl } from './kubectl.ts'
import { ResourceEvents } from './resource-events.tsx'
import css from './resource-kit.css?inline'
import { resourceQueries } from './resource-queries.ts'

const ObjectHistory = lazy(() => import('./object-history.tsx').then((module) => ({ default: module.ObjectHistory })))
const ObjectReferences = lazy(() =>
  import('./object-references.tsx').then((module) => ({ default: module.ObjectReferences })),
)
const AttachmentStatus = lazy(() =>
  import('./attachment-status.tsx').then((module) => ({ default: module.AttachmentStatus })),
)
const DeleteDialog = lazy(() => import('./delete-dialog.tsx').then((module) => ({ default: module.DeleteDialog })))

const TABS = ['overview', 'references', 'yaml', 'events', 'history'] as const
const schema = searchSchema({ tab: param.oneOf(TABS, 'overview') })

export interface ResourceDetailProps {
  target: ResourceRef
  /** A kind's own view of the object, in place of its plain fields. */
  overview?: (resource: KubeResource) => ReactNode
  /** Somebody is about to edit the object: what that takes can be fetched. */
  onEditIntent?: () => void
}

/** One object: what it is, its fields, its YAML, its events, and what may be done to it. */
export function ResourceDetail({ target, overview, onEditIntent }: ResourceDetailProps) {
  useStyle(css)
  const { t } = useTranslation(['object', 'resources'])
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const [{ tab }, setSearch] = usePageSearch(schema)
  const query = useQuery(resourceQueries.detail(target))
  const [deleting, setDeleting] = useState(false)
  const { kind, cluster, namespace, name } = target
  const place = { ...target, namespace }
  const writable = kindOf(kind).access === 'full'
  const intent = { onPointerEnter: onEditIntent, onFocus: onEditIntent }
  const hasForm = kindOf(kind).form !== undefined

  return (
    <Page
      title={
        <>
          {name} <Tag>{kindOf(kind).kind}</Tag>
        </>
      }
      titleText={name}
      docs={kindDocs(kind)}
      description={t(`resources:kinds.${kind}.what`)}
      actions={
        writable &&
        query.data && (
          <>
            <IfAllowed verb="update" kind={kind} cluster={cluster} namespace={namespace} name={name}>
              {hasForm && (
                <Button {...intent} onClick={() => void navigate(places.objectEdit(mesh, place))}>
                  {t('actions.edit')}
                </Button>
              )}
              <Button {...intent} onClick={() => void navigate(places.objectYaml(mesh, place))}>
                {t('actions.editYaml')}
              </Button>
              <OnceIdle act={onEditIntent} />
            </IfAllowed>
            <IfAllowed verb="delete" kind={kind} cluster={cluster} namespace={namespace} name={name}>
              <Button danger onClick={() => setDeleting(true)}>
                {t('actions.delete')}
              </Button>
            </IfAllowed>
          </>
        )
      }
    >
      <QueryView query={query}>
        {(resource) => (
          <>
            <Header resource={resource} target={target} />
            {kindOf(kind).category === 'gateway-api' && (
              <Suspense fallback={null}>
                <AttachmentStatus kind={kind} resource={resource} />
              </Suspense>
            )}
            {kindOf(kind).home === 'cluster' && <FindingsPanel target={target} />}
            <Tabs
              activeKey={tab}
              onChange={(key) => setSearch({ tab: TABS.find((known) => known === key) ?? 'overview' })}
              items={[
                {
                  key: 'overview',
                  label: t('detail.tabs.overview'),
                  children: overview?.(resource) ?? <Fields resource={resource} />,
                },
                ...(RECORDED_KINDS.includes(kind)
                  ? [
                      {
                        key: 'references',
                        label: t('detail.tabs.references'),
                        children: (
                          <Suspense fallback={<LoadingState />}>
                            <ObjectReferences target={target} />
                          </Suspense>
                        ),
                      },
                    ]
                  : []),
                {
                  key: 'yaml',
                  label: t('detail.tabs.yaml'),
                  children: <YamlTab resource={resource} target={target} />,
                },
                { key: 'events', label: t('detail.tabs.events'), children: <ResourceEvents target={target} /> },
                ...(RECORDED_KINDS.includes(kind)
                  ? [{ key: 'history', label: t('detail.tabs.history'), children: <HistoryTab target={target} /> }]
                  : []),
              ]}
            />
            {deleting && (
              <Suspense fallback={null}>
                <DeleteDialog
                  kind={kind}
                  objects={[{ ref: target, resource }]}
                  onClose={(done) => {
                    setDeleting(false)
                    if (done) void navigate(places.kindList(mesh, kind))
                  }}
                />
              </Suspense>
            )}
          </>
        )}
      </QueryView>
    </Page>
  )
}

/** What people wrote: the spec, or what stands in its place in kinds that have none. */
function specOf({ apiVersion: _a, kind: _k, metadata: _m, status: _s, spec, ...rest }: KubeResource): unknown {
  return spec ?? rest
}

function Fields({ resource }: { resource: KubeResource }) {
  const { t } = useTranslation(['object', 'resources'])
  const { annotations } = resource.metadata
  return (
    <div className="md-stack">
      <section className="md-card md-card-body">
        <FieldTree value={specOf(resource)} empty={t('detail.noSpec')} />
      </section>
      {annotations && Object.keys(annotations).length > 0 && (
        <section className="md-card" aria-label={t('detail.annotations')}>
          <header>
            <h2>{t('detail.annotations')}</h2>
          </header>
          <div className="md-card-body">
            <FieldTree value={annotations} empty="" />
          </div>
        </section>
      )}
      {isRecord(resource.status) && Object.keys(resource.status).length > 0 && (
        <section className="md-card" aria-label={t('detail.status')}>
          <header>
            <h2>{t('detail.status')}</h2>
          </header>
          <div className="md-card-body">
            <FieldTree value={resource.status} empty="" />
          </div>
        </section>
      )}
    </div>
  )
}

function Header({ resource, target }: { resource: KubeResource; target: ResourceRef }) {
  const { t } = useTranslation(['object', 'resources'])
  const owner = ownerOf(resource)
  const labels = Object.entries(resource.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return (
    <dl className="md-card md-card-body md-summary">
      {target.namespace !== undefined && <Fact name={t('glossary:namespace')}>{target.namespace}</Fact>}
      <Fact name={t('glossary:cluster')}>{target.cluster}</Fact>
      <Fact name={t('glossary:created')}>
        <RelativeTime at={resource.metadata.creationTimestamp} />
      </Fact>
      <Fact name={t('glossary:labels')}>{labels.length === 0 ? '–' : <TagList texts={labels} />}</Fact>
      <Fact name={t('detail.owner')}>
        {owner ? (
          <StatusDot tone="warning" reason={t('detail.ownerHint', { by: owner.by })}>
            {t('detail.ownedBy', { by: owner.by, name: owner.name })}
          </StatusDot>
        ) : (
          t('detail.noOwner')
        )}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function HistoryTab({ target }: { target: ResourceRef }) {
  return (
    <Suspense fallback={<LoadingState />}>
      <ObjectHistory target={target} />
    </Suspense>
  )
}

function YamlTab({ resource, target }: { resource: KubeResource; target: ResourceRef }) {
  const { t } = useTranslation(['object', 'resources'])
  const text = useMemo(() => toYaml(resource), [resource])
  return (
    <div className="md-stack">
      <section className="md-card md-editor-yaml">
        <YamlEditor value={text} label={t('detail.yamlLabel', { name: target.name })} readOnly />
      </section>
      <CommandBox command={kubectl.get(target)} />
    </div>
  )
}
