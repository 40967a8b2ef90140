import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { SearchBox } from '../../components/search-box.tsx'
import type { ReadExpression } from './read-expression.ts'

export interface ExpressionFieldProps {
  placeholder: string
  value: string
  read: ReadExpression
  onChange: (text: string) => void
}

/** A field for an expression. What cannot be understood is said below it, with the place, and filters nothing. */
export function ExpressionField({ placeholder, value, read, onChange }: ExpressionFieldProps) {
  const { t } = useTranslation('topology')
  const errorId = useId()
  const { error } = read
  return (
    <span className="md-topology-expression">
      <SearchBox value={value} placeholder={placeholder} errorId={error && errorId} onChange={onChange} />
      {error && (
        <span id={errorId} role="alert" className="md-topology-expression-error">
          {t(`expressionError.${error.code}`, { subject: error.subject })}{' '}
          {t('expressionError.place', { position: error.position + 1 })}{' '}
          <code>
            {value.slice(Math.max(0, error.position - 12), error.position)}
            <mark>{value.slice(error.position, error.position + 12) || '␣'}</mark>
          </code>
        </span>
      )}
    </span>
  )
}
