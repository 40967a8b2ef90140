import type { ResourceRow } from '@meshdeck/contract'
import { apiVersionOf, kindOf, printResourceRef, traitsOf, type KindId, type ResourceRef } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Tag from 'antd/es/tag'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../components/app-link.tsx'
import { DataTable, type DataColumn } from '../components/data-table.tsx'
import type { RowAction } from '../components/row-menu.tsx'
import { Page } from '../components/page.tsx'
import { RelativeTime } from '../components/relative-time.tsx'
import { EmptyState } from '../components/states.tsx'
import { listParams, type ListSearch } from '../lib/list-search.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { places } from '../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../lib/search-params.ts'
import { ColumnCell, TagList } from './column-cell.tsx'
import { CreateButton } from './create-button.tsx'
import { FindingCell } from './finding-cell.tsx'
import { kindDocs } from './kind-docs.ts'
import { refOfRow, resourceQueries } from './resource-queries.ts'
import { ResourceFilters, TraitFilter } from './resource-filters.tsx'
import { useRowRights } from './row-rights.ts'

const OwnerMark = lazy(() => import('./owner-mark.tsx').then((module) => ({ default: module.OwnerMark })))
const DeleteDialog = lazy(() => import('./delete-dialog.tsx').then((module) => ({ default: module.DeleteDialog })))

interface ResourceListSearch extends ListSearch {
  namespaces: string[]
  clusters: string[]
  labels: string
  traits: string[]
}

const schema = searchSchema<ResourceListSearch>({
  ...listParams(),
  namespaces: param.list(),
  clusters: param.list(),
  labels: param.text(),
  traits: param.list(),
})

const NO_ROWS: readonly ResourceRow[] = []

/** All objects of a kind in a mesh. */
export function ResourceList({ kind }: { kind: KindId }) {
  const { t, i18n } = useTranslation('resources')
  const { mesh, clusters } = useMeshScope()
  const navigate = useNavigate()
  const definition = kindOf(kind)
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(resourceQueries.list(mesh, kind, search))
  const rows = query.data?.items ?? NO_ROWS
  const rights = useRowRights(kind, rows)
  const [deleting, setDeleting] = useState<{ rows: readonly ResourceRow[]; onDone: () => void }>()
  const title = t(`kinds.${kind}.plural`)
  const columns = useMemo(() => columnsOf(kind, mesh, t), [kind, mesh, t])
  const deletable = (chosen: readonly ResourceRow[]) => chosen.filter((row) => rights(row).delete)

  const rowActions = (row: ResourceRow): RowAction[] => {
    const object = placeOf(refOfRow(kind, row))
    const { update, delete: mayDelete } = rights(row)
    const edit =
      definition.form === undefined
        ? []
        : [{ key: 'edit', label: t('actions.edit'), onClick: () => void navigate(places.objectEdit(mesh, object)) }]
    const yaml = {
      key: 'yaml',
      label: t('actions.editYaml'),
      onClick: () => void navigate(places.objectYaml(mesh, object)),
    }
    const remove = {
      key: 'delete',
      label: t('actions.delete'),
      danger: true,
      onClick: () => setDeleting({ rows: [row], onDone: () => undefined }),
    }
    return [...(update ? [...edit, yaml] : []), ...(mayDelete ? [remove] : [])]
  }

  const batch = (ticked: readonly ResourceRow[], clear: () => void) => (
    <Button
      size="small"
      danger
      disabled={deletable(ticked).length === 0}
      title={deletable(ticked).length === 0 ? t('list.mayNotDelete') : undefined}
      onClick={() => setDeleting({ rows: deletable(ticked), onDone: clear })}
    >
      {t('list.deleteTicked', { count: deletable(ticked).length })}
    </Button>
  )
  const missing = query.data?.missing ?? []

  return (
    <Page
      title={
        <>
          {title} {i18n.language === 'zh-CN' && <Tag>{definition.kind}</Tag>}
        </>
      }
      titleText={title}
      description={t(`kinds.${kind}.what`)}
      docs={kindDocs(kind)}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={<CreateButton kind={kind} namespaces={search.namespaces} />}
    >
      {missing.length > 0 && missing.length < clusters.length && (
        <p className="md-muted">{t('list.missingSome', { kind: definition.kind, clusters: missing.join(', ') })}</p>
      )}
      <DataTable<ResourceRow>
        id={`kind:${kind}`}
        label={title}
        columns={columns}
        query={query}
        rowKey={(row) => printResourceRef(refOfRow(kind, row))}
        rowName={(row) => row.resource.metadata.name}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('list.search')}
        filters={
          <>
            <ResourceFilters
              namespaced={definition.namespaced}
              value={search}
              onChange={(change) => setSearch({ ...change, page: 1 })}
            />
            <TraitFilter kind={kind} value={search.traits} onChange={(traits) => setSearch({ traits, page: 1 })} />
          </>
        }
        onClearFilters={() => setSearch({ namespaces: [], clusters: [], labels: '', traits: [], search: '', page: 1 })}
        empty={<NothingYet kind={kind} missing={missing} />}
        rowActions={rowActions}
        {...(rows.some((row) => rights(row).delete) ? { batch } : {})}
      />
      {deleting && (
        <Suspense fallback={null}>
          <DeleteDialog
            kind={kind}
            objects={deleting.rows.map((row) => ({ ref: refOfRow(kind, row), resource: row.resource }))}
            onClose={(done) => {
              if (done) deleting.onDone()
              setDeleting(undefined)
            }}
          />
        </Suspense>
      )}
    </Page>
  )
}

/** Whether tools like Argo CD, Flux and Helm may have left a mark; which one is looked up only then. */
const isMarked = ({ resource: { metadata } }: ResourceRow): boolean =>
  /argocd|fluxcd|helm/i.test(JSON.stringify([metadata.labels, metadata.annotations]))

/** A ref as an address takes it. */
export const placeOf = (ref: ResourceRef) => ({
  kind: ref.kind,
  cluster: ref.cluster,
  namespace: ref.namespace,
  name: ref.name,
})

function columnsOf(kind: KindId, mesh: string, t: (key: string) => string): DataColumn<ResourceRow>[] {
  const definition = kindOf(kind)
  return [
    {
      id: 'name',
      title: t('glossary:name'),
      fixed: true,
      sortable: true,
      render: (row) => (
        <>
          <AppLink place={places.object(mesh, placeOf(refOfRow(kind, row)))} className="md-row-name">
            {row.resource.metadata.name}
          </AppLink>
          {isMarked(row) && (
            <Suspense fallback={null}>
              {' '}
              <OwnerMark resource={row.resource} />
            </Suspense>
          )}
        </>
      ),
    },
    ...(definition.namespaced
      ? [
          {
            id: 'namespace',
            title: t('glossary:namespace'),
            sortable: true,
            render: (row: ResourceRow) => row.resource.metadata.namespace,
          },
        ]
      : []),
    { id: 'cluster', title: t('glossary:cluster'), sortable: true, render: (row) => row.cluster },
    ...definition.columns.map((column): DataColumn<ResourceRow> => ({
      id: column.id,
      title: t(`columns.${column.id}`),
      sortable: true,
      render: (row) => <ColumnCell column={column} resource={row.resource} />,
    })),
    ...(definition.traits === undefined
      ? []
      : [
          {
            id: 'traits',
            title: t('columns.traits'),
            render: (row: ResourceRow) => {
              const names = traitsOf(definition, row.resource)
              return names.length === 0 ? '–' : <TagList texts={names.map((name) => t(`traits.${name}`))} />
            },
          },
        ]),
    {
      id: 'findings',
      title: t('columns.findings'),
      render: (row) => <FindingCell target={refOfRow(kind, row)} />,
    },
    {
      id: 'labels',
      title: t('glossary:labels'),
      render: (row) => {
        const labels = Object.entries(row.resource.metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`)
        return labels.length === 0 ? '–' : <TagList texts={labels} />
      },
    },
    {
      id: 'created',
      title: t('glossary:created'),
      sortable: true,
      render: (row) => <RelativeTime at={row.resource.metadata.creationTimestamp} />,
    },
  ]
}

function NothingYet({ kind, missing }: { kind: KindId; missing: readonly string[] }) {
  const { t } = useTranslation('resources')
  const { clusters } = useMeshScope()
  if (missing.length > 0 && missing.length >= clusters.length) {
    return (
      <EmptyState title={t('list.notInstalled', { kind: kindOf(kind).kind })}>
        {t('list.notInstalledHint', { apiVersion: apiVersionOf(kindOf(kind)) })}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title={t('list.empty', { kinds: t(`kinds.${kind}.plural`) })}
      action={<CreateButton kind={kind} namespaces={[]} />}
    >
      {t(`kinds.${kind}.what`)}
    </EmptyState>
  )
}
