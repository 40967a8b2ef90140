import { TLS_STATES, type TlsSecretView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { DataTable, type DataColumn } from '../../components/data-table.tsx'
import { asOptions, MultiFilter } from '../../components/multi-filter.tsx'
import { Page } from '../../components/page.tsx'
import type { RowAction } from '../../components/row-menu.tsx'
import { EmptyState } from '../../components/states.tsx'
import { accessCheck, useCans } from '../../lib/access.ts'
import { configPlaces } from '../../lib/config-places.ts'
import { listParams } from '../../lib/list-search.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { useMayCreate } from '../../resource-kit/may-create.ts'
import { NamespaceFilter } from '../../resource-kit/resource-filters.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { tlsSecretQueries, type TlsSecretSearch } from './queries.ts'
import { TlsStateDot } from './tls-state.tsx'
import { TlsUsers } from './tls-users.tsx'

const DeleteTlsSecret = lazy(() =>
  import('./delete-tls-secret.tsx').then((module) => ({ default: module.DeleteTlsSecret })),
)

const schema = searchSchema<TlsSecretSearch>({
  ...listParams('expiry'),
  namespaces: param.list(),
  clusters: param.list(),
  states: param.list(),
})
const DOCS = 'https://istio.io/latest/docs/tasks/traffic-management/ingress/secure-ingress/'
const NO_ROWS: readonly TlsSecretView[] = []

/** The Secrets with certificates of a mesh, those that end first in front. */
export function TlsSecretsPage() {
  useStyle(kitCss)
  const { t } = useTranslation('tls-secrets')
  const { mesh, clusters } = useMeshScope()
  const navigate = useNavigate()
  const [search, setSearch] = usePageSearch(schema)
  const query = useQuery(tlsSecretQueries.list(mesh, search))
  const [deleting, setDeleting] = useState<TlsSecretView>()
  const hidden = query.data?.hidden ?? []
  const actionsOf = useRowActions(query.data?.items ?? NO_ROWS, setDeleting)
  const { allowed } = useMayCreate('Secret')
  const create = allowed && (
    <Button type="primary" onClick={() => void navigate(configPlaces.createTlsSecret(mesh))}>
      {t('create.title')}
    </Button>
  )
  return (
    <Page
      title={t('title')}
      description={t('what')}
      docs={DOCS}
      failures={query.data?.failures}
      onRetry={() => void query.refetch()}
      actions={create}
    >
      {hidden.length > 0 && <p className="md-muted">{t('hidden', { kinds: hidden.join(', ') })}</p>}
      <DataTable<TlsSecretView>
        id="tls-secrets"
        label={t('title')}
        columns={useColumns(mesh)}
        query={query}
        rowKey={({ cluster, namespace, name }) => `${cluster} ${namespace}/${name}`}
        rowName={({ name }) => name}
        rowActions={actionsOf}
        search={search}
        onSearch={setSearch}
        searchPlaceholder={t('search')}
        filters={
          <>
            <NamespaceFilter value={search.namespaces} onChange={(namespaces) => setSearch({ namespaces, page: 1 })} />
            {clusters.length > 1 && (
              <MultiFilter
                label={t('glossary:cluster')}
                all={t('allClusters')}
                value={search.clusters}
                options={asOptions(clusters)}
                onChange={(next) => setSearch({ clusters: next, page: 1 })}
              />
            )}
            <MultiFilter
              label={t('columns.expiry')}
              all={t('allStates')}
              value={search.states}
              options={TLS_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
              onChange={(states) => setSearch({ states, page: 1 })}
            />
          </>
        }
        onClearFilters={() => setSearch({ namespaces: [], clusters: [], states: [], search: '', page: 1 })}
        empty={
          <EmptyState title={t('empty.title')} action={create}>
            {t('empty.what')}
          </EmptyState>
        }
      />
      {deleting && (
        <Suspense fallback={null}>
          <DeleteTlsSecret secret={deleting} hidden={hidden} onClose={() => setDeleting(undefined)} />
        </Suspense>
      )}
    </Page>
  )
}

/** What the caller may do to each row. */
function useRowActions(
  rows: readonly TlsSecretView[],
  onDelete: (secret: TlsSecretView) => void,
): (row: TlsSecretView) => RowAction[] {
  const { t } = useTranslation('tls-secrets')
  const { mesh } = useMeshScope()
  const navigate = useNavigate()
  const rights = useCans(
    rows.flatMap(({ cluster, namespace, name }) => [
      accessCheck('patch', 'Secret', { cluster, namespace, name }),
      accessCheck('delete', 'Secret', { cluster, namespace, name }),
    ]),
  )
  return (row) => {
    const at = rows.indexOf(row) * 2
    const replace = {
      key: 'replace',
      label: t('replace.action'),
      onClick: () => void navigate(configPlaces.replaceTlsSecret(mesh, row)),
    }
    const remove = { key: 'delete', label: t('actions.delete'), danger: true, onClick: () => onDelete(row) }
    return [...(rights[at]?.allowed ? [replace] : []), ...(rights[at + 1]?.allowed ? [remove] : [])]
  }
}

function useColumns(mesh: string): DataColumn<TlsSecretView>[] {
  const { t } = useTranslation('tls-secrets')
  return [
    {
      id: 'name',
      title: t('glossary:name'),
      fixed: true,
      sortable: true,
      render: (row) => (
        <AppLink place={configPlaces.tlsSecret(mesh, row)} className="md-row-name">
          {row.name}
        </AppLink>
      ),
    },
    { id: 'namespace', title: t('glossary:namespace'), sortable: true, render: ({ namespace }) => namespace },
    { id: 'cluster', title: t('glossary:cluster'), sortable: true, render: ({ cluster }) => cluster },
    {
      id: 'holder',
      title: t('columns.holder'),
      render: ({ chain, authorities }) => {
        const [first] = [...chain, ...authorities]
        if (first === undefined) return '–'
        return (
          <>
            {first.names.length > 0 ? first.names.join(', ') : first.subject}
            {chain.length === 0 && <div className="md-muted">{t('authorityOnly')}</div>}
          </>
        )
      },
    },
    {
      id: 'issuer',
      title: t('columns.issuer'),
      sortable: true,
      render: ({ chain, authorities }) => {
        const [first] = [...chain, ...authorities]
        return first === undefined ? '–' : first.isSelfSigned ? t('certificate.itself') : first.issuer
      },
    },
    { id: 'expiry', title: t('columns.expiry'), sortable: true, render: (row) => <TlsStateDot secret={row} /> },
    {
      id: 'users',
      title: t('columns.users'),
      sortable: true,
      render: ({ users }) => <TlsUsers users={users} none={t('users.none')} />,
    },
  ]
}
