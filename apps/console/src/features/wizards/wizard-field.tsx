import type { Answers, WizardWorld } from '@meshdeck/mesh'
import AutoComplete from 'antd/es/auto-complete'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import Segmented from 'antd/es/segmented'
import Select from 'antd/es/select'
import Switch from 'antd/es/switch'
import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CANARY_STEPS, type WizardFieldSpec } from './catalogue.ts'
import { useOffers } from './use-offers.ts'

export interface WizardFieldProps {
  wizard: string
  spec: WizardFieldSpec
  answers: Answers
  cluster: string
  world: WizardWorld
  /** What is wrong with the answer, in words. */
  fault: string | undefined
  onAnswer: (value: string) => void
}

/** One question of a wizard. */
export function WizardField({ wizard, spec, answers, cluster, world, fault, onAnswer }: WizardFieldProps) {
  const { t } = useTranslation('wizards')
  const offers = useOffers(spec.source, cluster, world)
  const value = answers[spec.id] ?? ''
  const words = spec.worded ? (each: string) => t(`options.${wizard}.${spec.id}.${each}`) : (each: string) => each
  const label = t(`fields.${wizard}.${spec.id}`)
  const wide = spec.control === 'shares' || spec.control === 'tags' || spec.control === 'steps'
  return (
    <Labelled label={label} help={t(`help.${wizard}.${spec.id}`)} fault={fault} wide={wide}>
      {(control) => {
        switch (spec.control) {
          case 'text':
            return <Input {...control} value={value} onChange={(event) => onAnswer(event.target.value)} />
          case 'number':
            return (
              <InputNumber
                {...control}
                value={value === '' ? null : Number(value)}
                precision={0}
                suffix={spec.suffix}
                onChange={(next) => onAnswer(next === null ? '' : String(next))}
              />
            )
          case 'choice':
            return spec.worded ? (
              <Select
                {...control}
                value={value}
                options={offers.map((each) => ({ value: each, label: words(each) }))}
                onChange={onAnswer}
              />
            ) : (
              <AutoComplete
                {...control}
                value={value}
                options={offers
                  .filter((each) => each.includes(value) || offers.includes(value))
                  .map((each) => ({ value: each }))}
                onChange={(next: string | undefined) => onAnswer(next ?? '')}
              />
            )
          case 'tags':
            return (
              <Select
                {...control}
                mode="tags"
                tokenSeparators={[',', ' ']}
                value={value === '' ? [] : value.split(',')}
                options={offers.map((each) => ({ value: each, label: each }))}
                onChange={(next: string[]) => onAnswer(next.join(','))}
              />
            )
          case 'toggle':
            return (
              <Switch
                id={control.id}
                aria-describedby={control['aria-describedby']}
                checked={value === 'true'}
                onChange={(checked) => onAnswer(checked ? 'true' : 'false')}
              />
            )
          case 'steps':
            return (
              <Segmented
                id={control.id}
                aria-label={label}
                value={value}
                options={CANARY_STEPS.map((step) => ({ value: String(step), label: `${step} %` }))}
                onChange={onAnswer}
              />
            )
          case 'shares':
            return <Shares id={control.id} value={value} versions={offers} onChange={onAnswer} />
        }
      }}
    </Labelled>
  )
}

interface SharesProps {
  id: string
  value: string
  versions: readonly string[]
  onChange: (value: string) => void
}

/** A share for each version, written as `v1=90,v2=10`. */
function Shares({ id, value, versions, onChange }: SharesProps) {
  const { t } = useTranslation('wizards')
  const weights = new Map(
    value.split(',').map((part): [string, string] => {
      const at = part.lastIndexOf('=')
      return [part.slice(0, at), part.slice(at + 1)]
    }),
  )
  const weightOf = (version: string): number => Number(weights.get(version) ?? 0)
  if (versions.length === 0) return <p id={id}>{t('noVersions')}</p>
  return (
    <div id={id} className="md-head">
      {versions.map((version) => (
        <div key={version} className="md-head-field">
          <label htmlFor={`${id}-${version}`}>{t('shareOf', { version })}</label>
          <InputNumber
            id={`${id}-${version}`}
            value={weightOf(version)}
            min={0}
            max={100}
            precision={0}
            suffix="%"
            onChange={(next) =>
              onChange(versions.map((each) => `${each}=${each === version ? (next ?? 0) : weightOf(each)}`).join(','))
            }
          />
        </div>
      ))}
      <p className="md-head-wide md-muted" aria-live="polite">
        {t('sum', { sum: versions.reduce((sum, version) => sum + weightOf(version), 0) })}
      </p>
    </div>
  )
}

export interface LabelledProps {
  label: string
  help?: string
  fault: string | undefined
  wide?: boolean
  children: (control: { id: string; 'aria-describedby': string; status: '' | 'error' }) => ReactNode
}

/** A control with its label, what helps, and what is wrong with it. */
export function Labelled({ label, help, fault, wide = false, children }: LabelledProps) {
  const id = useId()
  return (
    <div className={wide ? 'md-head-field md-head-wide' : 'md-head-field'}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-help`, status: fault === undefined ? '' : 'error' })}
      <div id={`${id}-help`}>
        {fault !== undefined && (
          <p role="alert" className="md-fault">
            {fault}
          </p>
        )}
        {help !== undefined && <p className="md-muted">{help}</p>}
      </div>
    </div>
  )
}
