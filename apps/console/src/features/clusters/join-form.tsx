import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId, useRef, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { JoinInput, JoinProblem } from './join-input.ts'

export interface JoinFormProps {
  input: JoinInput
  onChange: (input: JoinInput) => void
  /** Contexts that the test found in the kubeconfig; a choice is offered when there are several. */
  contexts: readonly string[]
  problems: Partial<Record<keyof JoinInput, JoinProblem>>
}

const MAX_FILE_BYTES = 1_048_576

/** The fields of joining a cluster. A kubeconfig can be pasted, chosen as a file, or dropped. */
export function JoinForm({ input, onChange, contexts, problems }: JoinFormProps) {
  const { t } = useTranslation('fleet')
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const change = (part: Partial<JoinInput>) => onChange({ ...input, ...part })
  const readFile = async (chosen: File | undefined) => {
    if (!chosen || chosen.size > MAX_FILE_BYTES) return
    change({ kubeconfig: await chosen.text(), context: '' })
  }
  const handleDrop = (event: DragEvent) => {
    event.preventDefault()
    void readFile(event.dataTransfer.files[0])
  }
  const text = (
    field: 'name' | 'displayName' | 'prometheusUrl' | 'region' | 'network',
    label: string,
    help?: string,
    placeholder?: string,
  ) => (
    <Field id={`${id}-${field}`} label={label} help={help} problem={problems[field]}>
      <Input
        id={`${id}-${field}`}
        value={input[field]}
        autoComplete="off"
        aria-describedby={`${id}-${field}-help`}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(problems[field] === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
        onChange={(event) => change({ [field]: event.target.value })}
      />
    </Field>
  )
  return (
    <div className="md-stack">
      <Field
        id={`${id}-kubeconfig`}
        label="Kubeconfig"
        help={t('clusters.joining.kubeconfigHelp')}
        problem={problems.kubeconfig}
        wide
      >
        <Input.TextArea
          id={`${id}-kubeconfig`}
          value={input.kubeconfig}
          rows={8}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-kubeconfig-help`}
          className="md-kubeconfig"
          {...(problems.kubeconfig === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
          onChange={(event) => change({ kubeconfig: event.target.value, context: '' })}
          onDragOver={(event) => event.preventDefault()}
          onDrop={handleDrop}
        />
      </Field>
      <div className="md-buttons">
        <input
          ref={file}
          type="file"
          hidden
          aria-label={t('clusters.joining.file')}
          onChange={(event) => {
            void readFile(event.target.files?.[0])
            event.target.value = ''
          }}
        />
        <Button onClick={() => file.current?.click()}>{t('clusters.joining.file')}</Button>
      </div>
      <div className="md-head">
        {contexts.length > 1 && (
          <Field id={`${id}-context`} label={t('clusters.joining.context')} help={t('clusters.joining.contextHelp')}>
            <Select
              id={`${id}-context`}
              value={input.context === '' ? null : input.context}
              placeholder={t('clusters.joining.chooseContext')}
              options={contexts.map((value) => ({ value, label: value }))}
              onChange={(context: string) => change({ context })}
            />
          </Field>
        )}
        {text('name', t('glossary:name'), t('clusters.joining.nameRule'))}
        {text('displayName', t('displayName'))}
        {text(
          'prometheusUrl',
          t('clusters.joining.prometheus'),
          t('clusters.joining.prometheusHelp'),
          'http://prometheus.monitoring:9090',
        )}
        {text('region', t('clusters.region'))}
        {text('network', t('clusters.network'), t('clusters.joining.networkHelp'))}
      </div>
    </div>
  )
}

interface FieldProps {
  id: string
  label: string
  help?: string | undefined
  problem?: JoinProblem | undefined
  wide?: boolean
  children: ReactNode
}

function Field({ id, label, help, problem, wide = false, children }: FieldProps) {
  const { t } = useTranslation('fleet')
  return (
    <div className={wide ? 'md-head-field md-head-wide' : 'md-head-field'}>
      <label htmlFor={id}>{label}</label>
      {children}
      <div id={`${id}-help`}>
        {problem && <p className="md-fault">{t(`clusters.joining.problems.${problem}`)}</p>}
        {help && <p className="md-muted">{help}</p>}
      </div>
    </div>
  )
}
