import type { HistoryDetail } from '@meshdeck/contract'
import { findKind, type KindId } from '@meshdeck/kube'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Tag from 'antd/es/tag'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { AppLink } from '../../components/app-link.tsx'
import { IfAllowed } from '../../components/if-allowed.tsx'
import { Page } from '../../components/page.tsx'
import { QueryView } from '../../components/states.tsx'
import { useFormat } from '../../lib/format.ts'
import { historyPlaces, refOfEntry } from '../../lib/history-places.ts'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { places } from '../../lib/places.ts'
import { param, searchSchema, usePageSearch } from '../../lib/search-params.ts'
import { useStyle } from '../../lib/use-style.ts'
import { EntryAuthor, EntryOperation } from '../../resource-kit/history-entry.tsx'
import { historyQueries } from '../../resource-kit/history-queries.ts'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { CompareStates, type CompareLayout } from './compare-states.tsx'

const schema = searchSchema<{ against: string; layout: CompareLayout }>({
  against: param.text(),
  layout: param.oneOf<CompareLayout>(['fields', 'unified', 'side-by-side'], 'unified'),
})

/** `/meshes/:mesh/history/:id`: one change, beside the state before it or any other of the object. */
export function HistoryEntryPage() {
  useStyle(kitCss)
  const { t } = useTranslation('history')
  const { mesh } = useMeshScope()
  const params: { id?: string } = useParams({ strict: false })
  const query = useQuery(historyQueries.entry(mesh, params.id ?? ''))
  const name = query.data?.entry.name
  return (
    <Page
      title={name === undefined ? t('entry.title') : <EntryTitle detail={query.data} />}
      titleText={name ?? t('entry.title')}
      actions={query.data && <RestoreButton mesh={mesh} detail={query.data} />}
    >
      <QueryView query={query}>{(detail) => <Entry mesh={mesh} detail={detail} />}</QueryView>
    </Page>
  )
}

function EntryTitle({ detail }: { detail: HistoryDetail | undefined }) {
  const { t } = useTranslation('history')
  if (detail === undefined) return t('entry.title')
  const { name, kind, number } = detail.entry
  return (
    <>
      {t('entry.of', { name, number })} <Tag>{findKind(kind)?.kind ?? kind}</Tag>
    </>
  )
}

function RestoreButton({ mesh, detail: { entry, object } }: { mesh: string; detail: HistoryDetail }) {
  const { t } = useTranslation('history')
  const navigate = useNavigate()
  const kind = findKind(entry.kind)?.id
  if (kind === undefined || object === undefined) return undefined
  const ref = refOfEntry(entry, kind)
  return (
    <IfAllowed verb="update" kind={kind} cluster={entry.cluster} namespace={entry.namespace} name={entry.name}>
      <Button type="primary" onClick={() => void navigate(historyPlaces.restore(mesh, ref, entry.id))}>
        {t('entry.restore')}
      </Button>
    </IfAllowed>
  )
}

function Entry({ mesh, detail }: { mesh: string; detail: HistoryDetail }) {
  const { t } = useTranslation('history')
  const format = useFormat()
  const [{ against, layout }, setSearch] = usePageSearch(schema)
  const { entry } = detail
  const kind = findKind(entry.kind)?.id
  return (
    <div className="md-stack">
      <dl className="md-card md-card-body md-summary">
        <Fact name={t('columns.operation')}>
          <EntryOperation entry={entry} />
        </Fact>
        <Fact name={t('columns.object')}>
          <ObjectLink mesh={mesh} entry={entry} kind={kind} />
        </Fact>
        {entry.namespace !== undefined && <Fact name={t('glossary:namespace')}>{entry.namespace}</Fact>}
        <Fact name={t('glossary:cluster')}>{entry.cluster}</Fact>
        <Fact name={t('columns.at')}>{format.dateTime(entry.at)}</Fact>
        {entry.late && <Fact name={t('entry.noticedAt')}>{format.dateTime(entry.noticedAt)}</Fact>}
        <Fact name={t('columns.author')}>
          <EntryAuthor entry={entry} />
        </Fact>
        <Fact name={t('columns.reason')}>{entry.reason ?? '–'}</Fact>
      </dl>
      {entry.late && entry.operation === 'changed' && <Alert type="info" showIcon title={t('entry.late')} />}
      {entry.omittedBytes !== undefined && (
        <Alert type="warning" showIcon title={t('entry.omitted', { bytes: entry.omittedBytes })} />
      )}
      {kind !== undefined && (
        <CompareStates
          mesh={mesh}
          target={refOfEntry(entry, kind)}
          detail={detail}
          against={against}
          onAgainst={(next) => setSearch({ against: next }, { replace: true })}
          layout={layout}
          onLayout={(next) => setSearch({ layout: next }, { replace: true })}
        />
      )}
    </div>
  )
}

interface ObjectLinkProps {
  mesh: string
  entry: HistoryDetail['entry']
  kind: KindId | undefined
}

function ObjectLink({ mesh, entry, kind }: ObjectLinkProps) {
  if (kind === undefined) return entry.name
  const ref = refOfEntry(entry, kind)
  return (
    <AppLink place={places.object(mesh, { ...ref, namespace: ref.namespace }, { tab: 'history' })}>
      {entry.name}
    </AppLink>
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
