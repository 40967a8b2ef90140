import type { ReferencesAnswer } from '@meshdeck/contract'
import { kindOf, printResourceRef, type KindId, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { ownerOf, RECORDED_KINDS } from '@meshdeck/mesh'
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useId, useState, type ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../components/command-box.tsx'
import { asError, useProblemText } from '../components/problem-text.tsx'
import { StatusDot } from '../components/status-dot.tsx'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { useStyle } from '../lib/use-style.ts'
import { columnTexts } from './column-cell.tsx'
import { DeletionReferrers, referrersThatStay } from './deletion-referrers.tsx'
import { referencesOf } from './reference-queries.ts'
import css from './resource-kit.css?inline'
import { kubectl } from './kubectl.ts'
import { ReasonField } from './reason-field.tsx'
import { invalidateKind, resourceWrites } from './resource-queries.ts'

export interface DeletionObject {
  ref: ResourceRef
  resource: KubeResource
}

export interface DeleteDialogProps {
  kind: KindId
  objects: readonly DeletionObject[]
  /** `done`: at least one object was deleted. */
  onClose: (done: boolean) => void
}

type Outcome = 'deleted' | Error
/** So many deletions are under way at once. */
const AT_ONCE = 4

/**
 * Deletes objects: names what goes and what it governs, wants a name typed since nothing brings it back, and tells the
 * outcome of each. One that fails does not stop the others.
 */
export function DeleteDialog({ kind, objects, onClose }: DeleteDialogProps) {
  useStyle(css)
  const { t } = useTranslation(['object', 'resources'])
  const client = useQueryClient()
  const id = useId()
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map())
  const [first] = objects
  const { mesh } = useMeshScope()
  const refs = objects.map(({ ref }) => ref)
  const expected = objects.length === 1 ? (first?.ref.name ?? '') : String(objects.length)
  const finished = outcomes.size === objects.length
  const deleted = [...outcomes.values()].filter((outcome) => outcome === 'deleted').length

  const remove = useMutation({
    mutationFn: async () => {
      let failures = 0
      const queue = [...objects]
      const worker = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          const { ref } = next
          const outcome = await resourceWrites.delete(ref, { reason }).then(
            (): Outcome => 'deleted',
            (error: unknown): Outcome => (error instanceof Error ? error : new Error(String(error))),
          )
          if (outcome !== 'deleted') failures += 1
          setOutcomes((known) => new Map(known).set(printResourceRef(ref), outcome))
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      for (const cluster of new Set(objects.map(({ ref }) => ref.cluster))) invalidateKind(client, cluster, kind)
      // Each is told beside its object.
      if (failures > 0) throw new Error(`${failures} of ${objects.length} objects were not deleted`)
    },
    meta: { silent: true, success: t('delete.allDone', { count: objects.length }) },
    onSuccess: () => onClose(true),
  })
  const running = remove.isPending
  const references = useQuery({ ...referencesOf(mesh, refs), enabled: !running && outcomes.size === 0 })

  return (
    <Modal
      open
      width={640}
      title={
        objects.length === 1
          ? t('delete.titleOne', { kind: t(`resources:kinds.${kind}.singular`), name: first?.ref.name })
          : t('delete.titleMany', { count: objects.length, kinds: t(`resources:kinds.${kind}.plural`) })
      }
      onCancel={() => !running && onClose(deleted > 0)}
      okText={finished ? t('actions.close') : t('actions.delete')}
      okType={finished ? 'primary' : 'danger'}
      okButtonProps={{ disabled: !finished && typed !== expected, loading: running }}
      cancelButtonProps={{ disabled: running, ...(finished ? { style: { display: 'none' } } : {}) }}
      onOk={() => (finished ? onClose(deleted > 0) : remove.mutate())}
      mask={{ closable: false }}
    >
      <div className="md-stack">
        {finished ? (
          <p role="status">{t('delete.done', { count: objects.length, deleted })}</p>
        ) : (
          <p>{t(RECORDED_KINDS.includes(kind) ? 'delete.warningKept' : 'delete.warning')}</p>
        )}
        <ul className="md-affected" aria-label={t('delete.affected')}>
          {objects.map((object, at) => (
            <Affected
              key={printResourceRef(object.ref)}
              object={object}
              outcome={outcomes.get(printResourceRef(object.ref))}
              referrers={referrersThatStay(references.data?.items[at]?.usedBy, refs)}
            />
          ))}
        </ul>
        {!finished && <ReferencesNote query={references} />}
        {!finished && (
          <>
            <label htmlFor={id}>{t(objects.length === 1 ? 'delete.typeName' : 'delete.typeCount', { expected })}</label>
            <Input
              id={id}
              value={typed}
              autoComplete="off"
              autoFocus
              disabled={running}
              onChange={(event) => setTyped(event.target.value)}
            />
            {RECORDED_KINDS.includes(kind) && (
              <ReasonField value={reason} onChange={setReason} disabled={running} keptIn="deletion" />
            )}
            <CommandBox command={kubectl.delete(objects.map(({ ref }) => ref))} />
          </>
        )}
      </div>
    </Modal>
  )
}

/** What is not known of those who refer to what is deleted. */
function ReferencesNote({ query }: { query: UseQueryResult<ReferencesAnswer> }) {
  const { t } = useTranslation('references')
  const describe = useProblemText()
  if (query.isPending) return <p role="status">{t('deletion.asking')}</p>
  const { hidden = [], failures = [] } = query.data ?? {}
  const problem = query.error ?? (failures[0] && asError(failures[0].problem))
  return (
    <>
      {problem && <p className="md-fault">{t('deletion.unknown', { reason: describe(problem).title })}</p>}
      {hidden.length > 0 && <p className="md-muted">{t('deletion.hidden', { kinds: hidden.join(', ') })}</p>}
    </>
  )
}

interface AffectedProps {
  object: DeletionObject
  outcome: Outcome | undefined
  referrers: ComponentProps<typeof DeletionReferrers>['referrers']
}

function Affected({ object: { ref, resource }, outcome, referrers }: AffectedProps) {
  const { t } = useTranslation(['object', 'resources'])
  const describe = useProblemText()
  const failure = outcome instanceof Error ? describe(outcome) : undefined
  const governs = kindOf(ref.kind).columns.map((column) => [column.id, columnTexts(column, resource)] as const)
  const owner = ownerOf(resource)
  return (
    <li>
      <strong>{ref.name}</strong>{' '}
      <span className="md-muted">{[ref.namespace, ref.cluster].filter(Boolean).join(' · ')}</span>
      {outcome === 'deleted' && <StatusDot tone="success">{t('delete.deleted')}</StatusDot>}
      {failure && <StatusDot tone="error">{[failure.title, failure.detail].filter(Boolean).join(': ')}</StatusDot>}
      {governs.map(([column, texts]) =>
        texts.length === 0 ? null : (
          <div key={column} className="md-muted">
            {t(`resources:columns.${column}`)}: {texts.join(', ')}
          </div>
        ),
      )}
      {outcome === undefined && <DeletionReferrers referrers={referrers} />}
      {owner && outcome === undefined && <div>{t('delete.owned', { by: owner.by, name: owner.name })}</div>}
    </li>
  )
}
