import Input from 'antd/es/input'
import { Suspense, useId } from 'react'
import { useTranslation } from 'react-i18next'

/** As many as are kept. */
const LONGEST = 1_000

export interface ReasonFieldProps {
  value: string
  onChange: (value: string) => void
  disabled?: boolean
  /**
   * Where it can be read later: in the history and the object, in the object alone; of what is deleted, in the history, or
   * in the last state alone.
   */
  keptIn?: 'history' | 'object' | 'deletion' | 'lastState'
}

/** Why a change is made, for those who come after. One field for all that writes. */
export function ReasonField(props: ReasonFieldProps) {
  // Its few words may come after those of the dialog that it stands in, which must not vanish for that.
  return (
    <Suspense fallback={null}>
      <Field {...props} />
    </Suspense>
  )
}

function Field({ value, onChange, disabled = false, keptIn = 'history' }: ReasonFieldProps) {
  const { t } = useTranslation('reason')
  const id = useId()
  return (
    <div className="md-reason">
      <label htmlFor={id}>{t('label')}</label>
      <Input
        id={id}
        value={value}
        maxLength={LONGEST}
        disabled={disabled}
        autoComplete="off"
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-help`} className="md-muted">
        {t(`help.${keptIn}`)}
      </p>
    </div>
  )
}
