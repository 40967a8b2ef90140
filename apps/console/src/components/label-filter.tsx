import Tooltip from 'antd/es/tooltip'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextField } from './text-field.tsx'

/** Source: Kubernetes equality selectors; a key may carry a DNS prefix. */
const SELECTOR = /^[\w./-]+=[\w.-]*(,[\w./-]+=[\w.-]*)*$/

/** A label selector, applied on Enter or when the field is left. */
export function LabelFilter({ value, onChange }: { value: string; onChange: (selector: string) => void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<string>()
  const text = draft ?? value
  const valid = text === '' || SELECTOR.test(text)
  const commit = () => {
    if (!valid) return
    setDraft(undefined)
    if (text !== value) onChange(text)
  }
  return (
    <Tooltip title={valid ? undefined : t('list.badSelector')} open={valid ? false : undefined}>
      <span>
        <TextField
          className="md-filter"
          value={text}
          placeholder={t('list.labels')}
          aria-label={t('list.labels')}
          aria-invalid={!valid}
          onText={(typed) => {
            const next = typed.replaceAll(' ', '')
            setDraft(next)
            if (next === '' && value !== '') {
              setDraft(undefined)
              onChange('')
            }
          }}
          onKeyDown={(event) => event.key === 'Enter' && commit()}
          onBlur={commit}
        />
      </span>
    </Tooltip>
  )
}
