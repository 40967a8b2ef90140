import type { BatchResult, InjectionAction, LabelChange, NamespaceView } from '@meshdeck/contract'
import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { ErrorState, LoadingState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { useStyle } from '../../lib/use-style.ts'
import { ReasonField } from '../../resource-kit/reason-field.tsx'
import css from '../../resource-kit/resource-kit.css?inline'
import { namespaceQueries, useSetInjection } from './queries.ts'
import { Refusal, RestartPanel } from './restart-panel.tsx'
import { labelCommand, namespaceKey, type NamespaceTarget } from './targets.ts'

export interface InjectionDialogProps {
  action: InjectionAction
  namespaces: readonly NamespaceView[]
  /** `done`: at least one namespace was changed. */
  onClose: (done: boolean) => void
}

type Result = BatchResult['results'][number]

/**
 * Sets the injection of namespaces. First the API server tries it and says which labels would change; then it is done,
 * and the workloads that wait for a restart are offered one.
 */
export function InjectionDialog({ action, namespaces, onClose }: InjectionDialogProps) {
  useStyle(css)
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const targets = namespaces.map(toTarget)
  const plan = useQuery(namespaceQueries.plan(mesh, { action, targets }))
  const set = useSetInjection(mesh)
  const planned = resultsOf(plan.data)
  const open = targets.filter((target) => (planned.get(namespaceKey(target))?.labels ?? []).length > 0)
  const outcome = resultsOf(set.data)
  const changed = (set.variables?.targets ?? []).filter((target) => outcome.get(namespaceKey(target))?.ok)
  const finished = set.isSuccess
  const [first] = namespaces
  const [reason, setReason] = useState('')

  return (
    <Modal
      open
      width={820}
      title={
        namespaces.length === 1
          ? t(`set.${action}.titleOne`, { namespace: first?.name, cluster: first?.cluster })
          : t(`set.${action}.titleMany`, { count: namespaces.length })
      }
      mask={{ closable: false }}
      onCancel={() => !set.isPending && onClose(changed.length > 0)}
      // Buttons of our own: the Modal's are made anew with each render, and a click that falls between two is lost.
      footer={
        <>
          {!finished && (
            <Button disabled={set.isPending} onClick={() => onClose(false)}>
              {t('actions.cancel')}
            </Button>
          )}
          <Button
            type="primary"
            disabled={!finished && open.length === 0}
            loading={set.isPending}
            onClick={() => (finished ? onClose(changed.length > 0) : set.mutate({ action, targets: open, reason }))}
          >
            {finished ? t('actions.close') : t(`set.${action}.ok`)}
          </Button>
        </>
      }
    >
      <div className="md-stack">
        {!finished && <p>{t(`set.${action}.what`)}</p>}
        {plan.isPending ? (
          <LoadingState rows={2} />
        ) : plan.data === undefined ? (
          <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
        ) : (
          <ul className="md-affected" aria-label={t('set.changes')}>
            {namespaces.map((namespace) => (
              <Change
                key={namespaceKey(toTarget(namespace))}
                namespace={namespace}
                planned={planned.get(namespaceKey(toTarget(namespace)))}
                result={outcome.get(namespaceKey(toTarget(namespace)))}
              />
            ))}
          </ul>
        )}
        {!finished && open.length > 0 && <StatusDot tone="success">{t('set.tried')}</StatusDot>}
        {set.isError && <ErrorState error={set.error} />}
        {!finished && open.length > 0 && (
          <ReasonField value={reason} onChange={setReason} disabled={set.isPending} keptIn="object" />
        )}
        {!finished && open.length > 0 && (
          <CommandBox
            command={open
              .map((target) => labelCommand(target, planned.get(namespaceKey(target))?.labels ?? []))
              .join('\n')}
          />
        )}
        {finished && changed.length > 0 && (
          <>
            <p role="status">{t('set.done', { count: changed.length })}</p>
            <RestartPanel namespaces={changed} />
          </>
        )}
      </div>
    </Modal>
  )
}

const toTarget = ({ cluster, name }: NamespaceView): NamespaceTarget => ({ cluster, namespace: name })

function resultsOf(batch: BatchResult | undefined): ReadonlyMap<string, Result> {
  return new Map((batch?.results ?? []).map((result) => [result.target, result]))
}

interface ChangeProps {
  namespace: NamespaceView
  planned: Result | undefined
  result: Result | undefined
}

/** One namespace: which labels change, what it means for what runs there, and what came of it. */
function Change({ namespace, planned, result }: ChangeProps) {
  const { t } = useTranslation('namespaces')
  const problem = result?.problem ?? planned?.problem
  const labels = planned?.labels ?? []
  return (
    <li>
      <strong>{namespace.name}</strong> <span className="md-muted">{namespace.cluster}</span>
      {result?.ok && <StatusDot tone="success">{t('set.applied')}</StatusDot>}
      {problem ? (
        <div>
          <Refusal problem={problem} />
        </div>
      ) : labels.length === 0 ? (
        <div className="md-muted">{t('set.already')}</div>
      ) : (
        labels.map((change) => <LabelLine key={change.label} change={change} />)
      )}
      {!problem && result === undefined && labels.length > 0 && (
        <div className="md-muted">
          {t('set.running', { count: namespace.workloads, pods: namespace.pods, injected: namespace.injectedPods })}
        </div>
      )}
    </li>
  )
}

function LabelLine({ change: { label, before, after } }: { change: LabelChange }) {
  return (
    <div>
      {before !== undefined && <code className="md-removed">{`${label}=${before}`}</code>}
      {before !== undefined && after !== undefined && ' → '}
      {after !== undefined && <code className="md-added">{`${label}=${after}`}</code>}
    </div>
  )
}
