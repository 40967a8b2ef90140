import { type Answers, type WizardPlan, type WizardProblem, type WizardWorld } from '@meshdeck/mesh'
import { useQuery } from '@tanstack/react-query'
import AutoComplete from 'antd/es/auto-complete'
import Select from 'antd/es/select'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusDot } from '../../components/status-dot.tsx'
import { useMeshScope } from '../../lib/mesh-scope.ts'
import { useStyle } from '../../lib/use-style.ts'
import { Check } from '../../resource-kit/review-checks.tsx'
import kitCss from '../../resource-kit/resource-kit.css?inline'
import { CallersCheck } from './callers-check.tsx'
import type { WizardSpec } from './catalogue.ts'
import { PlanNotes } from './plan-notes.tsx'
import { wizardQueries } from './queries.ts'
import { Labelled, WizardField } from './wizard-field.tsx'

export interface WizardFormProps {
  wizard: WizardSpec
  cluster: string
  onCluster: (cluster: string) => void
  /** `namespace/name` */
  service: string
  onService: (service: string) => void
  answers: Answers
  onAnswer: (field: string, value: string) => void
  world: WizardWorld
  plan: WizardPlan
  /** Whether faults are shown of fields that nothing was typed into yet. */
  loud: boolean
}

/** The questions of a wizard, and what it would do. */
export function WizardForm(props: WizardFormProps) {
  useStyle(kitCss)
  const { t } = useTranslation(['wizards', 'resources'])
  const { clusters } = useMeshScope()
  const { wizard, answers, plan, world } = props
  const isAboutService = typeof wizard.service === 'function' ? wizard.service(answers) : wizard.service
  const faultOf = (field: string, value: string): string | undefined => {
    const problem = plan.problems.find((each: WizardProblem) => each.field === field)
    return problem && (props.loud || value !== '') ? t(`problems.${problem.code}`) : undefined
  }
  return (
    <>
      <section className="md-card" aria-label={t('questions')}>
        <div className="md-card-body md-head">
          {clusters.length > 1 && (
            <Labelled label={t('glossary:cluster')} help={t('help.cluster')} fault={undefined}>
              {(control) => (
                <Select
                  {...control}
                  value={props.cluster}
                  options={clusters.map((value) => ({ value, label: value }))}
                  onChange={props.onCluster}
                />
              )}
            </Labelled>
          )}
          {isAboutService && (
            <ServicePicker value={props.service} fault={faultOf('service', props.service)} onChange={props.onService} />
          )}
          {wizard.fields
            .filter(({ when }) => when === undefined || when(answers, world))
            .map((spec) => (
              <WizardField
                key={spec.id}
                wizard={wizard.id}
                spec={spec}
                answers={answers}
                cluster={props.cluster}
                world={world}
                fault={faultOf(spec.id, answers[spec.id] ?? '')}
                onAnswer={(value) => props.onAnswer(spec.id, value)}
              />
            ))}
        </div>
      </section>
      <section className="md-card" aria-label={t('plan.title')}>
        <header>
          <h2>{t('plan.title')}</h2>
        </header>
        <div className="md-card-body">
          {plan.problems.length > 0 ? (
            <>
              <p className="md-muted">{t('plan.open')}</p>
              <ul className="md-checks">
                <PlanNotes notes={plan.notes ?? []} cluster={props.cluster} />
              </ul>
            </>
          ) : plan.changes.length === 0 ? (
            <StatusDot tone="success">{t('plan.nothing')}</StatusDot>
          ) : (
            <ul className="md-checks">
              {plan.changes.map(({ kind, before, after: { metadata } }) => (
                <Check key={`${kind} ${metadata.namespace}/${metadata.name}`} tone="info">
                  {t(before === undefined ? 'plan.creates' : 'plan.changes', {
                    kind: t(`resources:kinds.${kind}.singular`),
                    name: [metadata.namespace, metadata.name].filter(Boolean).join(' / '),
                  })}
                </Check>
              ))}
              <PlanNotes notes={plan.notes ?? []} cluster={props.cluster} />
              {wizard.callers !== undefined && (
                <CallersCheck
                  wizard={wizard}
                  answers={answers}
                  world={world}
                  line={(tone, children) => <Check tone={tone}>{children}</Check>}
                />
              )}
            </ul>
          )}
        </div>
      </section>
    </>
  )
}

interface ServicePickerProps {
  value: string
  fault: string | undefined
  onChange: (service: string) => void
}

function ServicePicker({ value, fault, onChange }: ServicePickerProps) {
  const { t } = useTranslation('wizards')
  const { mesh } = useMeshScope()
  const [typed, setTyped] = useState(value)
  const search = typed.slice(typed.indexOf('/') + 1)
  const { data = [] } = useQuery(wizardQueries.services(mesh, search))
  const handleChange = (next: string | undefined = '') => {
    setTyped(next)
    // Only a whole name is one that can be asked about.
    if (/^[^/]+\/[^/]+$/.test(next) || next === '') onChange(next)
  }
  return (
    <Labelled label={t('service')} help={t('help.service')} fault={fault}>
      {(control) => (
        <AutoComplete
          {...control}
          value={typed}
          options={data.filter((each) => each.includes(typed)).map((each) => ({ value: each }))}
          onChange={handleChange}
        />
      )}
    </Labelled>
  )
}
