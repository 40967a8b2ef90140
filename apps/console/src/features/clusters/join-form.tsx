import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { MAX_KUBECONFIG_BYTES, type JoinInput, type JoinProblem } from './join-input.ts'

export interface JoinFormProps {
  input: JoinInput
  onChange: (input: JoinInput) => void
  /** Contexts that the test found in the kubeconfig; a choice is offered when there are several. */
  contexts: readonly string[]
  problems: Partial<Record<keyof JoinInput, JoinProblem>>
  /** What the test found wrong, by field, in words. */
  refusals: Partial<Record<'kubeconfig' | 'context', string>>
}

type FileProblem = 'tooLarge' | 'unreadable'

/** The fields of joining a cluster. A kubeconfig can be pasted, chosen as a file, or dropped. */
export function JoinForm({ input, onChange, contexts, problems, refusals }: JoinFormProps) {
  const { t } = useTranslation(['fleet', 'clusters'])
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const [fileProblem, setFileProblem] = useState<FileProblem>()
  const change = (part: Partial<JoinInput>) => onChange({ ...input, ...part })
  const changeKubeconfig = (kubeconfig: string) => {
    setFileProblem(undefined)
    change({ kubeconfig, context: '' })
  }
  const readFile = async (chosen: File) => {
    if (chosen.size > MAX_KUBECONFIG_BYTES) return setFileProblem('tooLarge')
    await chosen.text().then(changeKubeconfig, () => setFileProblem('unreadable'))
  }
  const handleDrop = (event: DragEvent) => {
    const [dropped] = event.dataTransfer.files
    // Text that is dragged here is the browser's own business.
    if (!dropped) return
    event.preventDefault()
    void readFile(dropped)
  }
  const kubeconfigFault =
    (fileProblem && t(`clusters:file.${fileProblem}`)) ??
    (problems.kubeconfig && t(`clusters.joining.problems.${problems.kubeconfig}`)) ??
    refusals.kubeconfig
  const text = (
    field: 'name' | 'displayName' | 'prometheusUrl' | 'region' | 'network',
    label: string,
    help?: string,
    placeholder?: string,
  ) => (
    <Field
      id={`${id}-${field}`}
      label={label}
      help={help}
      fault={problems[field] && t(`clusters.joining.problems.${problems[field]}`)}
    >
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
        fault={kubeconfigFault}
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
          {...(kubeconfigFault === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
          onChange={(event) => changeKubeconfig(event.target.value)}
          onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
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
            const chosen = event.target.files?.[0]
            if (chosen) void readFile(chosen)
            event.target.value = ''
          }}
        />
        <Button onClick={() => file.current?.click()}>{t('clusters.joining.file')}</Button>
      </div>
      <div className="md-head">
        {contexts.length > 1 && (
          <Field
            id={`${id}-context`}
            label={t('clusters.joining.context')}
            help={t('clusters.joining.contextHelp')}
            fault={refusals.context}
          >
            <Select
              id={`${id}-context`}
              value={input.context === '' ? null : input.context}
              placeholder={t('clusters.joining.chooseContext')}
              aria-describedby={`${id}-context-help`}
              {...(refusals.context === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
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
  /** What is wrong with it, and the cure. */
  fault?: string | undefined
  wide?: boolean
  children: ReactNode
}

function Field({ id, label, help, fault, wide = false, children }: FieldProps) {
  return (
    <div className={wide ? 'md-head-field md-head-wide' : 'md-head-field'}>
      <label htmlFor={id}>{label}</label>
      {children}
      <div id={`${id}-help`}>
        {fault && (
          <p role="alert" className="md-fault">
            {fault}
          </p>
        )}
        {help && <p className="md-muted">{help}</p>}
      </div>
    </div>
  )
}
