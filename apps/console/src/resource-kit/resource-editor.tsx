import { kindOf, type KindId, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { ownerOf, withReason } from '@meshdeck/mesh'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Segmented from 'antd/es/segmented'
import { useMemo, useState, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../components/page.tsx'
import type { Written } from '../lib/api.ts'
import { useMeshScope } from '../lib/mesh-scope.ts'
import { useStyle } from '../lib/use-style.ts'
import { CommitInstead, isDelivered } from './commit-instead.tsx'
import { ConflictDialog } from './conflict-dialog.tsx'
import { confirmedWrite, isUnanswered, theirsIn } from './confirmed-write.ts'
import { printDocument, readDraft, saysTheSame, toEditableYaml, toWritable, type DraftFrame } from './draft.ts'
import { EditorBody } from './editor-body.tsx'
import { formOf, type ResourceFormProps } from './forms.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { rebaseDocument } from './rebase.ts'
import css from './resource-kit.css?inline'
import { askedOnce, invalidateKind, resourceQueries, resourceWrites } from './resource-queries.ts'
import { ResultStep } from './result-step.tsx'
import { ReviewStep } from './review-step.tsx'
import { StepTrail, type EditorStep } from './step-trail.tsx'

export type EditorView = 'form' | 'yaml'

export interface ResourceEditorProps {
  kind: KindId
  /** Where it is written to. */
  cluster: string
  /** The object as it was opened; absent while a new one is made. Later changes of it come through `latest`. */
  opened: KubeResource | undefined
  /** The object as the cluster has it now. */
  latest?: KubeResource | undefined
  initialText: string
  /** With edits made already, or with another text than what was opened, what comes first is the review. */
  startAt?: 'edit' | 'review'
  view: EditorView
  onView: (view: EditorView) => void
  /** The object was deleted while it is edited. */
  gone?: boolean
  /** In place of the kind's own form: one for a part of the object. */
  form?: ComponentType<ResourceFormProps> | undefined
  /** With a new object: another cluster was chosen for it. */
  onCluster?: (cluster: string) => void
}

/**
 * Edits one object: form or YAML over one document, then review (the server's dry run, checks, differences), then the
 * result. What is typed lives here and survives refreshes of the object; a newer version of it is offered, never forced.
 */
export function ResourceEditor(props: ResourceEditorProps) {
  useStyle(css)
  const { t } = useTranslation(['editor', 'resources'])
  const { mesh } = useMeshScope()
  const client = useQueryClient()
  const { kind, cluster } = props
  const [opened, setOpened] = useState(props.opened)
  const [text, setText] = useState(props.initialText)
  const [step, setStep] = useState<EditorStep>(props.startAt ?? 'edit')
  const [reason, setReason] = useState('')
  const [conflict, setConflict] = useState<KubeResource>()
  const [setAside, setSetAside] = useState<string>()
  const [rebased, setRebased] = useState(false)
  const [superseded, setSuperseded] = useState<ReadonlySet<string>>(new Set())

  // A refusal may bring a newer copy than the cache has. Versions cannot be ordered, so those left behind are remembered.
  const latest = superseded.has(props.latest?.metadata.resourceVersion ?? '') ? undefined : props.latest
  // A version that differs in nothing that people write (its status moved on) is no conflict: it is simply the base.
  const base = opened && latest && saysTheSame(opened, latest) ? latest : opened
  const newer = base && latest && base.metadata.resourceVersion !== latest.metadata.resourceVersion ? latest : undefined
  const frame = useMemo<DraftFrame>(
    () => ({ kind, namespace: props.opened?.metadata.namespace, name: props.opened?.metadata.name }),
    [kind, props.opened],
  )
  const draft = useMemo(() => readDraft(text, frame), [text, frame])
  const start = opened ? toEditableYaml(opened) : props.initialText
  const dirty = step !== 'result' && text !== start
  // With nothing typed there is nothing to weigh against the newer version: the editor simply shows it.
  if (newer && !dirty && step === 'edit') {
    setOpened(newer)
    setText(toEditableYaml(newer))
  }
  const Form = props.form ?? formOf(kind)
  const view = Form ? props.view : 'yaml'
  const ready = draft.value !== undefined && draft.problems.length === 0
  const target = draft.value && base ? toWritable(draft.value, base) : draft.value

  const write = (dryRun: boolean): Promise<Written<KubeResource>> => {
    if (!target) throw new Error('there is no object to write')
    const written = dryRun ? target : withReason(target, reason)
    return base
      ? resourceWrites.replace(refOf(kind, cluster, target), written, dryRun)
      : resourceWrites.create(cluster, kind, written, dryRun)
  }
  const dryRun = useQuery({
    queryKey: ['dry-run', cluster, kind, text, base?.metadata.resourceVersion] as const,
    queryFn: () => write(true),
    enabled: step === 'review' && ready,
    ...askedOnce,
  })
  const apply = useMutation({
    mutationFn: async () => {
      const expected = dryRun.data?.data ?? target
      if (!expected) throw new Error('there is no object to write')
      const change = { ref: refOf(kind, cluster, expected), before: base, expected, write: () => write(false) }
      const { data = expected, warnings } = await confirmedWrite(client, {
        ...change,
        again: isUnanswered(apply.error),
      })
      return { data, warnings }
    },
    meta: { silent: true },
    onSuccess: ({ data }) => {
      setStep('result')
      client.setQueryData(resourceQueries.detail(refOf(kind, cluster, data)).queryKey, data)
      invalidateKind(client, cluster, kind)
    },
    onError: (error) => {
      const current = theirsIn(error)
      if (current) setConflict(current)
    },
  })
  // What a write left behind that nobody answered is ours, not somebody else's.
  const isOurs = newer && dryRun.data && isUnanswered(apply.error) && saysTheSame(newer, dryRun.data.data)
  const theirs = isOurs ? undefined : (newer ?? theirsIn(dryRun.error))

  const handleRebase = (onto: KubeResource) => {
    const { document } = readDraft(text, frame)
    if (base) rebaseDocument(document, base, onto)
    setText(printDocument(document))
    setRebased(true)
    settle(onto, 'edit')
  }
  const handleLoadTheirs = (onto: KubeResource) => {
    setSetAside(text)
    setText(toEditableYaml(onto))
    settle(onto, 'edit')
  }
  const settle = (onto: KubeResource, next: EditorStep) => {
    const past = [opened, base].flatMap((each) => each?.metadata.resourceVersion ?? [])
    setSuperseded((versions) => new Set([...versions, ...past]))
    setOpened(onto)
    setConflict(undefined)
    apply.reset()
    setStep(next)
  }

  const name = draft.value?.metadata.name ?? ''
  const owner = base && ownerOf(base)
  const titleText = t(props.opened ? 'title.edit' : 'title.create', { kind: t(`resources:kinds.${kind}.singular`) })
  return (
    <Page
      title={
        <>
          {titleText}{' '}
          {props.opened && (
            <span className="md-title-object">{[frame.namespace, frame.name].filter(Boolean).join(' / ')}</span>
          )}
        </>
      }
      titleText={`${titleText} ${props.opened ? (frame.name ?? '') : ''}`.trim()}
      aside={<StepTrail step={step} view={view} />}
      actions={
        step === 'edit' && (
          <>
            {Form && (
              <Segmented<EditorView>
                aria-label={t('view.label')}
                value={view}
                options={[
                  { value: 'form', label: t('view.form') },
                  { value: 'yaml', label: t('view.yaml') },
                ]}
                onChange={props.onView}
              />
            )}
            <Button
              type="primary"
              disabled={!ready || (props.opened !== undefined && !dirty)}
              onClick={() => setStep('review')}
            >
              {t('steps.toReview')}
            </Button>
          </>
        )
      }
    >
      <LeaveGuard dirty={dirty} />
      {setAside !== undefined && step === 'edit' && (
        <Alert
          type="info"
          title={t('conflict.setAside')}
          action={
            <Button
              size="small"
              onClick={() => {
                setText(setAside)
                setSetAside(undefined)
              }}
            >
              {t('conflict.bringBack')}
            </Button>
          }
          closable={{ onClose: () => setSetAside(undefined) }}
        />
      )}
      {props.gone && step === 'edit' && <Alert type="warning" showIcon title={t('gone.title')} />}
      {rebased && step === 'edit' && (
        <Alert type="success" showIcon title={t('conflict.rebased')} closable={{ onClose: () => setRebased(false) }} />
      )}
      {newer && dirty && step === 'edit' && (
        <Alert
          type="warning"
          showIcon
          title={t('conflict.newer')}
          action={
            <Button size="small" onClick={() => setConflict(newer)}>
              {t('conflict.compare')}
            </Button>
          }
        />
      )}
      {step === 'edit' && draft.value && isDelivered(owner) && <CommitInstead owner={owner} draft={draft.value} />}
      {step === 'edit' && (
        <EditorBody
          draft={draft}
          text={text}
          onText={setText}
          frame={frame}
          view={view}
          onView={props.onView}
          Form={Form}
          kind={kind}
          onCluster={props.onCluster}
          scope={{ mesh, cluster, mode: props.opened ? 'edit' : 'create' }}
          present={props.latest}
          serverError={dryRun.error ?? undefined}
        />
      )}
      {step === 'review' && target && (
        <ReviewStep
          kind={kind}
          cluster={cluster}
          base={base}
          draft={target}
          dryRun={dryRun}
          reason={reason}
          onReason={setReason}
          theirs={theirs}
          onCompare={() => setConflict(theirs)}
          onBack={() => setStep('edit')}
          onApply={() => apply.mutate()}
          applying={apply.isPending}
          applyError={apply.error ?? undefined}
        />
      )}
      {step === 'result' && apply.data && (
        <ResultStep
          mesh={mesh}
          object={refOf(kind, cluster, apply.data.data)}
          created={props.opened === undefined}
          warnings={apply.data.warnings}
        />
      )}
      {conflict && base && draft.value && (
        <ConflictDialog
          name={name}
          base={base}
          mine={draft.value}
          theirs={conflict}
          text={text}
          onRebase={() => handleRebase(conflict)}
          onLoadTheirs={() => handleLoadTheirs(conflict)}
          onOverwrite={() => settle(conflict, 'review')}
          onClose={() => setConflict(undefined)}
        />
      )}
    </Page>
  )
}

function refOf(kind: KindId, cluster: string, { metadata }: KubeResource): ResourceRef {
  const { name, namespace } = metadata
  return kindOf(kind).namespaced && namespace !== undefined
    ? { cluster, kind, namespace, name }
    : { cluster, kind, name }
}
