import { useTranslation } from 'react-i18next'
import type { JoinInput, JoinProblem } from './join-input.ts'
import { KubeconfigField } from './kubeconfig-field.tsx'
import { LineField } from './line-field.tsx'

export interface JoinFormProps {
  input: JoinInput
  onChange: (input: JoinInput) => void
  /** Contexts that the test found in the kubeconfig; a choice is offered when there are several. */
  contexts: readonly string[]
  problems: Partial<Record<keyof JoinInput, JoinProblem>>
  /** What the test found wrong, by field, in words. */
  refusals: Partial<Record<'kubeconfig' | 'context', string>>
}

/** The fields of joining a cluster. */
export function JoinForm({ input, onChange, contexts, problems, refusals }: JoinFormProps) {
  const { t } = useTranslation(['fleet', 'joining'])
  const missing = problems.kubeconfig && t(`joining:problems.${problems.kubeconfig}`)
  const text = (
    field: 'name' | 'displayName' | 'prometheusUrl' | 'region' | 'network',
    label: string,
    more: { help?: string; placeholder?: string } = {},
  ) => (
    <LineField
      label={label}
      value={input[field]}
      fault={problems[field] && t(`joining:problems.${problems[field]}`)}
      onChange={(value) => onChange({ ...input, [field]: value })}
      {...more}
    />
  )
  return (
    <div className="md-stack">
      <KubeconfigField
        input={input}
        contexts={contexts}
        faults={{ ...refusals, ...(missing === undefined ? {} : { kubeconfig: missing }) }}
        onChange={(part) => onChange({ ...input, ...part })}
      />
      <div className="md-head">
        {text('name', t('glossary:name'), { help: t('joining:nameRule') })}
        {text('displayName', t('displayName'))}
        {text('prometheusUrl', t('joining:prometheus'), {
          help: t('joining:prometheusHelp'),
          placeholder: 'http://prometheus.monitoring:9090',
        })}
        {text('region', t('clusters.region'))}
        {text('network', t('clusters.network'), { help: t('joining:networkHelp') })}
      </div>
    </div>
  )
}
