import type { ClusterView, MeshView } from '@meshdeck/contract'
import Checkbox from 'antd/es/checkbox'
import Input from 'antd/es/input'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { candidatesOf, type Candidate, type DraftProblem, type MeshDraft } from './mesh-draft.ts'

export interface AttachFormProps {
  draft: MeshDraft
  onChange: (draft: MeshDraft) => void
  clusters: readonly ClusterView[]
  meshes: readonly MeshView[]
  problems: Partial<Record<'name' | 'controlPlane', DraftProblem>>
}

/** First step: name, the Istio to attach, the clusters that belong to it. */
export function AttachForm({ draft, onChange, clusters, meshes, problems }: AttachFormProps) {
  const { t } = useTranslation(['fleet', 'lifecycle'])
  const id = useId()
  const change = (part: Partial<MeshDraft>) => onChange({ ...draft, ...part })
  const controlPlaneCluster = draft.controlPlane?.cluster
  const others = clusters.filter(({ name }) => name !== controlPlaneCluster)
  return (
    <>
      <section className="md-card">
        <header>
          <h2>{t('meshes.create.steps.basics')}</h2>
        </header>
        <div className="md-card-body md-head">
          <Field
            id={`${id}-name`}
            label={t('glossary:name')}
            help={t('meshes.create.nameRule')}
            problem={problems.name}
          >
            <Input
              id={`${id}-name`}
              value={draft.name}
              maxLength={63}
              autoComplete="off"
              aria-describedby={`${id}-name-help`}
              {...(problems.name === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
              onChange={(event) => change({ name: event.target.value })}
            />
          </Field>
          <Field id={`${id}-display`} label={t('displayName')}>
            <Input
              id={`${id}-display`}
              value={draft.displayName}
              maxLength={60}
              autoComplete="off"
              onChange={(event) => change({ displayName: event.target.value })}
            />
          </Field>
        </div>
      </section>
      <section className="md-card">
        <header>
          <h2>{t('meshes.controlPlane')}</h2>
          <span className="md-muted">{t('meshes.create.controlPlaneHelp')}</span>
        </header>
        <div className="md-card-body md-stack">
          {problems.controlPlane && (
            <p role="alert" className="md-fault">
              {t(`meshes.create.problems.${problems.controlPlane}`)}
            </p>
          )}
          <fieldset className="md-choices">
            <legend className="md-visually-hidden">{t('meshes.controlPlane')}</legend>
            {candidatesOf(clusters).map((candidate) => (
              <CandidateChoice
                key={[candidate.cluster.name, candidate.istio?.namespace, candidate.istio?.revision].join('/')}
                group={`${id}-control-plane`}
                candidate={candidate}
                meshes={meshes}
                picked={draft.controlPlane}
                onPick={(controlPlane) => change({ controlPlane })}
              />
            ))}
          </fieldset>
          <fieldset className="md-choices">
            <legend className="md-visually-hidden">{t('lifecycle:adopt.choice')}</legend>
            {([false, true] as const).map((takeOver) => (
              <label key={String(takeOver)} className="md-choice">
                <input
                  type="radio"
                  name={`${id}-take-over`}
                  checked={draft.takeOver === takeOver}
                  onChange={() => change({ takeOver, ...(takeOver ? { members: [] } : {}) })}
                />
                <strong>{t(takeOver ? 'lifecycle:adopt.offer' : 'lifecycle:adopt.attach')}</strong>
                <span className="md-muted">
                  {t(takeOver ? 'lifecycle:adopt.offerWhat' : 'lifecycle:adopt.attachWhat')}
                </span>
              </label>
            ))}
          </fieldset>
        </div>
      </section>
      <section className="md-card">
        <header>
          <h2>{t('meshes.create.members')}</h2>
          <span className="md-muted">{t('meshes.create.membersHelp')}</span>
        </header>
        <div className="md-card-body md-stack">
          {others.length === 0 && <p className="md-muted">{t('meshes.create.noOthers')}</p>}
          {others.map(({ name, displayName, istio, state }) => (
            <Checkbox
              key={name}
              disabled={draft.takeOver}
              checked={draft.members.includes(name)}
              onChange={({ target }) =>
                change({
                  members: target.checked ? [...draft.members, name] : draft.members.filter((each) => each !== name),
                })
              }
            >
              {name} {displayName && <span className="md-muted">{displayName}</span>}{' '}
              <span className="md-muted">
                {state === 'reachable' ? '' : `${t(`glossary:clusterState.${state}`)} · `}
                {istio.length === 0
                  ? t('meshes.create.memberRemote')
                  : t('meshes.create.memberIstio', { count: istio.length })}
              </span>
            </Checkbox>
          ))}
          <Checkbox checked={draft.protect} onChange={({ target }) => change({ protect: target.checked })}>
            {t('meshes.create.protect')} <span className="md-muted">{t('meshes.create.protectHelp')}</span>
          </Checkbox>
        </div>
      </section>
    </>
  )
}

interface FieldProps {
  id: string
  label: string
  help?: string
  problem?: DraftProblem | undefined
  children: ReactNode
}

function Field({ id, label, help, problem, children }: FieldProps) {
  const { t } = useTranslation('fleet')
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{label}</label>
      {children}
      <div id={`${id}-help`}>
        {problem && <p className="md-fault">{t(`meshes.create.problems.${problem}`)}</p>}
        {help && <p className="md-muted">{help}</p>}
      </div>
    </div>
  )
}

interface CandidateChoiceProps {
  group: string
  candidate: Candidate
  meshes: readonly MeshView[]
  picked: MeshDraft['controlPlane']
  onPick: (controlPlane: NonNullable<MeshDraft['controlPlane']>) => void
}

function CandidateChoice({
  group,
  candidate: { cluster, istio, obstacle },
  meshes,
  picked,
  onPick,
}: CandidateChoiceProps) {
  const { t } = useTranslation('fleet')
  const also = meshes.filter((mesh) => mesh.clusters.some(({ name }) => name === cluster.name)).map(({ name }) => name)
  const checked =
    picked?.cluster === cluster.name &&
    picked.istio.namespace === istio?.namespace &&
    picked.istio.revision === istio.revision
  return (
    <label className="md-choice">
      <input
        type="radio"
        name={group}
        checked={checked}
        disabled={istio === undefined || obstacle !== undefined}
        onChange={() => istio && onPick({ cluster: cluster.name, istio })}
      />
      <strong>
        {cluster.name}
        {cluster.displayName && ` · ${cluster.displayName}`}
      </strong>
      <span>{istio ? `Istio ${istio.version}` : ''}</span>
      <span className="md-muted">
        {[
          obstacle && t(`meshes.create.reasons.${obstacle}`),
          istio && t('meshes.create.istio', { namespace: istio.namespace, revision: istio.revision }),
          istio?.replicas !== undefined &&
            t('meshes.create.ready', { ready: istio.ready ?? 0, replicas: istio.replicas }),
          also.length > 0 && t('meshes.create.alsoIn', { meshes: also.join(', ') }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </label>
  )
}
