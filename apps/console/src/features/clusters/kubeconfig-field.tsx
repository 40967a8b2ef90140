import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { useId, useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from './field.tsx'
import { MAX_KUBECONFIG_BYTES } from './join-input.ts'

/** A kubeconfig, and which of its contexts; empty where it leaves no choice. */
export interface KubeconfigInput {
  kubeconfig: string
  context: string
}

export interface KubeconfigFieldProps {
  input: KubeconfigInput
  onChange: (input: KubeconfigInput) => void
  /** Contexts that the test found in it; a choice is offered when there are several. */
  contexts: readonly string[]
  /** What is wrong, by field, in words. */
  faults: Partial<Record<keyof KubeconfigInput, string>>
}

type FileProblem = 'tooLarge' | 'unreadable'

/** A kubeconfig that is pasted, chosen as a file, or dropped. */
export function KubeconfigField({ input, onChange, contexts, faults }: KubeconfigFieldProps) {
  const { t } = useTranslation(['joining', 'clusters'])
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const [fileProblem, setFileProblem] = useState<FileProblem>()
  const changeKubeconfig = (kubeconfig: string) => {
    setFileProblem(undefined)
    onChange({ kubeconfig, context: '' })
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
  const fault = (fileProblem && t(`clusters:file.${fileProblem}`)) ?? faults.kubeconfig
  return (
    <>
      <Field id={`${id}-kubeconfig`} label="Kubeconfig" help={t('kubeconfigHelp')} fault={fault} wide>
        <Input.TextArea
          id={`${id}-kubeconfig`}
          value={input.kubeconfig}
          rows={8}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-kubeconfig-help`}
          className="md-kubeconfig"
          {...(fault === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
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
          aria-label={t('file')}
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen) void readFile(chosen)
            event.target.value = ''
          }}
        />
        <Button onClick={() => file.current?.click()}>{t('file')}</Button>
      </div>
      {contexts.length > 1 && (
        <Field id={`${id}-context`} label={t('context')} help={t('contextHelp')} fault={faults.context}>
          <Select
            id={`${id}-context`}
            value={input.context === '' ? null : input.context}
            placeholder={t('chooseContext')}
            aria-describedby={`${id}-context-help`}
            {...(faults.context === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
            options={contexts.map((value) => ({ value, label: value }))}
            onChange={(context: string) => onChange({ ...input, context })}
          />
        </Field>
      )}
    </>
  )
}
