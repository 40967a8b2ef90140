import type { BatchResult, InjectionAction, WorkloadView } from '@meshdeck/contract'
import { kindOf } from '@meshdeck/kube'
import { settingProblem, SIDECAR_SETTINGS, sidecarPatch, type SidecarSettings } from '@meshdeck/mesh'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandBox } from '../../components/command-box.tsx'
import { ErrorState } from '../../components/states.tsx'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { useStyle } from '../../lib/use-style.ts'
import { ReasonField } from '../../resource-kit/reason-field.tsx'
import css from '../../resource-kit/resource-kit.css?inline'
import { useSetSidecar } from './queries.ts'
import { Refusal } from './restart-panel.tsx'
import { RolloutProgress } from './rollout-progress.tsx'
import { rolloutOf } from '@meshdeck/mesh'
import { workloadKey, workloadTarget } from './targets.ts'
import { generationOf, useWorkloadObjects } from './use-rollouts.ts'

export type SidecarChange = InjectionAction | 'settings'

export interface SidecarDialogProps {
  change: SidecarChange
  /** Settings are those of one workload. */
  workloads: readonly WorkloadView[]
  /** `done`: at least one workload was changed. */
  onClose: (done: boolean) => void
}

/**
 * Sets injection or settings of workloads by their pod templates, which replaces their pods. The API server tries all of
 * it before anything is changed; then each shows how far its pods have come.
 */
export function SidecarDialog({ change, workloads, onClose }: SidecarDialogProps) {
  useStyle(css)
  const { t } = useTranslation('namespaces')
  const { mesh } = useMeshScope()
  const [first] = workloads
  const [draft, setDraft] = useState<SidecarSettings>({})
  const [reason, setReason] = useState('')
  const objects = useWorkloadObjects(workloads)
  const [since, setSince] = useState<ReadonlyMap<string, number | undefined>>(new Map())
  const set = useSetSidecar(mesh)
  const targets = workloads.map(workloadTarget)
  const settings = changedSettings(draft, first?.settings ?? {})
  const hasProblem = SIDECAR_SETTINGS.some((setting) => settingProblem(setting, draft[setting] ?? '') !== undefined)
  const isReady = change !== 'settings' || (Object.keys(settings).length > 0 && !hasProblem)
  const input = change === 'settings' ? { settings, targets } : { action: change, targets }
  const outcome = new Map((set.data?.results ?? []).map((result) => [result.target, result]))
  const finished = set.data?.applied === true
  const done = finished && (set.data?.results ?? []).some(({ ok }) => ok)
  const title =
    change === 'settings'
      ? t('sidecar.settingsOf', { name: first?.name })
      : t(`sidecar.titles.${change}`, { count: workloads.length, name: first?.name })
  const handleOk = () => {
    if (finished) return onClose(done)
    setSince(new Map(targets.map((target) => [workloadKey(target), generationOf(objects.get(workloadKey(target)))])))
    set.mutate({ ...input, reason })
  }
  return (
    <Modal
      open
      width={760}
      title={title}
      mask={{ closable: false }}
      onCancel={() => !set.isPending && onClose(done)}
      footer={
        <>
          {!finished && (
            <Button disabled={set.isPending} onClick={() => onClose(false)}>
              {t('actions.cancel')}
            </Button>
          )}
          <Button type="primary" disabled={!finished && !isReady} loading={set.isPending} onClick={handleOk}>
            {finished ? t('actions.close') : t('sidecar.apply')}
          </Button>
        </>
      }
    >
      <div className="md-stack">
        <p>{t('sidecar.replaces')}</p>
        {change === 'settings' && !finished && first && (
          <SettingsForm draft={draft} before={first.settings} onChange={setDraft} />
        )}
        <ul className="md-affected" aria-label={t('set.changes')}>
          {workloads.map((workload) => {
            const key = workloadKey(workload)
            const object = objects.get(key)
            return (
              <li key={key}>
                <strong>{workload.name}</strong>{' '}
                <span className="md-muted">{[workload.kind, workload.namespace, workload.cluster].join(' · ')}</span>{' '}
                <Outcome result={outcome.get(key)} applied={finished} />
                {finished && outcome.get(key)?.ok && object && (
                  <RolloutProgress rollout={rolloutOf(object, since.get(key))} name={workload.name} />
                )}
              </li>
            )
          })}
        </ul>
        {set.isError && <ErrorState error={set.error} />}
        {!finished && <ReasonField value={reason} onChange={setReason} disabled={set.isPending} keptIn="object" />}
        {!finished && isReady && <CommandBox command={patchCommand(workloads, input)} />}
      </div>
    </Modal>
  )
}

function Outcome({ result, applied }: { result: BatchResult['results'][number] | undefined; applied: boolean }) {
  const { t } = useTranslation('namespaces')
  if (result?.problem) return <Refusal problem={result.problem} />
  return result?.ok && applied ? <StatusDot tone="success">{t('set.applied')}</StatusDot> : null
}

interface SettingsFormProps {
  draft: SidecarSettings
  before: SidecarSettings
  onChange: (draft: SidecarSettings) => void
}

const GROUPS = [
  ['resources', ['cpuRequest', 'cpuLimit', 'memoryRequest', 'memoryLimit']],
  ['passthrough', ['excludeInboundPorts', 'excludeOutboundPorts', 'excludeOutboundIPRanges']],
  ['logging', ['logLevel']],
] as const
const EXAMPLES = {
  cpuRequest: '100m',
  cpuLimit: '2',
  memoryRequest: '128Mi',
  memoryLimit: '1Gi',
  logLevel: 'warning',
  excludeInboundPorts: '8080,9090',
  excludeOutboundPorts: '3306',
  excludeOutboundIPRanges: '10.0.0.0/8',
} as const

function SettingsForm({ draft, before, onChange }: SettingsFormProps) {
  const { t } = useTranslation('namespaces')
  const id = useId()
  return GROUPS.map(([group, settings]) => (
    <fieldset key={group} className="md-fieldset">
      <legend>{t(`sidecar.groups.${group}`)}</legend>
      <div className="md-head">
        {settings.map((setting) => {
          const value = draft[setting] ?? before[setting] ?? ''
          const problem = settingProblem(setting, value)
          return (
            <div key={setting} className="md-head-field">
              <label htmlFor={`${id}-${setting}`}>{t(`sidecar.fields.${setting}`)}</label>
              <Input
                id={`${id}-${setting}`}
                value={value}
                placeholder={EXAMPLES[setting]}
                aria-invalid={problem !== undefined}
                aria-describedby={`${id}-${setting}-problem`}
                onChange={({ target }) => onChange({ ...draft, [setting]: target.value })}
              />
              <div id={`${id}-${setting}-problem`}>
                {problem && (
                  <p role="alert" className="md-fault">
                    {t(`sidecar.problems.${problem}`)}
                  </p>
                )}
              </div>
            </div>
          )
        })}
      </div>
    </fieldset>
  ))
}

/** Only what differs; an empty text takes a setting away. */
function changedSettings(draft: SidecarSettings, before: SidecarSettings): SidecarSettings {
  return Object.fromEntries(
    Object.entries(draft).filter(
      ([setting, value]) => value.trim() !== (before[setting as keyof SidecarSettings] ?? ''),
    ),
  )
}

function patchCommand(
  workloads: readonly WorkloadView[],
  change: { action?: InjectionAction; settings?: SidecarSettings },
): string {
  const patch = JSON.stringify(sidecarPatch(change))
  return workloads
    .map(({ cluster, namespace, kind, name }) => {
      const what = `${kindOf(kind).kind.toLowerCase()}/${name}`
      return `kubectl --context ${cluster} -n ${namespace} patch ${what} --type merge -p '${patch}'`
    })
    .join('\n')
}
