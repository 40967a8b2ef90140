import { useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AskedField } from './to-request.ts'

export interface AskFieldProps {
  label: string
  help?: string
  problem?: AskedField | undefined
  className?: string
  children: (control: { id: string; 'aria-describedby': string; status: '' | 'error' }) => ReactNode
}

/** A control of the question with its label, and what is wrong with it. */
export function AskField({ label, help, problem, className = '', children }: AskFieldProps) {
  const { t } = useTranslation('explain')
  const id = useId()
  return (
    <div className={`md-explain-field ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-notes`, status: problem === undefined ? '' : 'error' })}
      <div id={`${id}-notes`}>
        {problem !== undefined && (
          <p className="md-fault" role="alert">
            {t(`problems.${problem}`)}
          </p>
        )}
        {help !== undefined && <p className="md-muted">{help}</p>}
      </div>
    </div>
  )
}
