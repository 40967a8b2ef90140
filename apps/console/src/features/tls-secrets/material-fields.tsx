import Button from 'antd/es/button'
import Input from 'antd/es/input'
import { useId, useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'

/** What is put into a Secret; it stays in the page's memory and goes nowhere but to the server. */
export interface Material {
  certificate: string
  key: string
  authority: string
}
export const NO_MATERIAL: Material = { certificate: '', key: '', authority: '' }

const PARTS = ['certificate', 'key', 'authority'] as const
/** As much as the server takes of each. */
const MAX_BYTES = 262_144

export interface MaterialFieldsProps {
  value: Material
  onChange: (value: Material) => void
  /** What is wrong with each part, in words. */
  faults: Partial<Record<keyof Material, string>>
}

/** Certificate, key and authorities as PEM: pasted, chosen as files, or dropped. */
export function MaterialFields({ value, onChange, faults }: MaterialFieldsProps) {
  return PARTS.map((part) => (
    <PemField
      key={part}
      part={part}
      value={value[part]}
      fault={faults[part]}
      onChange={(text) => onChange({ ...value, [part]: text })}
    />
  ))
}

interface PemFieldProps {
  part: keyof Material
  value: string
  fault: string | undefined
  onChange: (text: string) => void
}

function PemField({ part, value, fault, onChange }: PemFieldProps) {
  const { t } = useTranslation('tls-secrets')
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const [fileFault, setFileFault] = useState<'tooLarge' | 'unreadable'>()
  const readFile = async (chosen: File) => {
    if (chosen.size > MAX_BYTES) return setFileFault('tooLarge')
    setFileFault(undefined)
    await chosen.text().then(onChange, () => setFileFault('unreadable'))
  }
  const handleDrop = (event: DragEvent) => {
    const [dropped] = event.dataTransfer.files
    // Text that is dragged here is the browser's own business.
    if (!dropped) return
    event.preventDefault()
    void readFile(dropped)
  }
  const words = fileFault === undefined ? fault : t(`file.${fileFault}`)
  const label = t(`fields.${part}`)
  return (
    <div className="md-head-field md-head-wide">
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        value={value}
        rows={5}
        spellCheck={false}
        autoComplete="off"
        aria-describedby={`${id}-help`}
        style={{ fontFamily: 'monospace' }}
        {...(words === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
        onChange={(event) => onChange(event.target.value)}
        onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
        onDrop={handleDrop}
      />
      <div id={`${id}-help`}>
        {words !== undefined && (
          <p role="alert" className="md-fault">
            {words}
          </p>
        )}
        <p className="md-muted">{t(`help.${part}`)}</p>
      </div>
      <div className="md-buttons">
        <input
          ref={file}
          type="file"
          hidden
          aria-label={t('file.of', { part: label })}
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen) void readFile(chosen)
            event.target.value = ''
          }}
        />
        <Button size="small" onClick={() => file.current?.click()}>
          {t('file.of', { part: label })}
        </Button>
      </div>
    </div>
  )
}
