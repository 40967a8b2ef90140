import Input from 'antd/es/input'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'

const LONGEST = 1_000

export interface ReasonFieldProps {
  value: string
  onChange: (value: string) => void
  disabled: boolean
}

/** Why a change is made, for those who read its history. */
export function ReasonField({ value, onChange, disabled }: ReasonFieldProps) {
  const { t } = useTranslation('history')
  const id = useId()
  return (
    <div>
      <label htmlFor={id}>{t('reason.label')}</label>
      <Input
        id={id}
        value={value}
        maxLength={LONGEST}
        disabled={disabled}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-help`} className="md-muted">
        {t('reason.help')}
      </p>
    </div>
  )
}
