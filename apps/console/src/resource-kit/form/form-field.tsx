import AutoComplete from 'antd/es/auto-complete'
import Input from 'antd/es/input'
import InputNumber from 'antd/es/input-number'
import { useId, type ReactNode } from 'react'
import { useFormState, type FieldNote } from './form-state.ts'

export interface FormFieldProps {
  label: string
  /** Says the label to screen readers only, where a column head says it to the eye. */
  labelHidden?: boolean
  /** Path as servers name it; what they and the form say of it stands below the control. */
  field: string
  /** The control holds a whole list: what is said of its items stands here too. */
  withItems?: boolean
  /** What is surely wrong with what was typed. */
  fault?: string | undefined
  /** What may be wrong: it names something that is not there. */
  missing?: readonly string[]
  help?: string | undefined
  className?: string
  children: (control: { id: string; 'aria-describedby': string; status: '' | 'error' | 'warning' }) => ReactNode
}

const NOTHING: readonly string[] = []

/** A control with its label and what there is to say of its content. */
export function FormField({
  label,
  labelHidden = false,
  field,
  withItems = false,
  fault,
  missing = NOTHING,
  help,
  className = '',
  children,
}: FormFieldProps) {
  const id = useId()
  const { notesAt } = useFormState()
  const said: FieldNote[] = [
    ...(fault === undefined ? [] : [{ severity: 'error' as const, message: fault }]),
    ...notesAt(field, withItems),
  ]
  const isWrong = said.some(({ severity }) => severity === 'error')
  // The analysis, which comes a moment later, says of what is missing also what to do.
  const notes =
    isWrong && !withItems ? said : [...said, ...missing.map((message) => ({ severity: 'warning' as const, message }))]
  const status = isWrong ? 'error' : notes.length > 0 ? 'warning' : ''
  return (
    <div className={`md-form-field ${className}`}>
      <label htmlFor={id} className={labelHidden ? 'md-visually-hidden' : ''}>
        {label}
      </label>
      {children({ id, 'aria-describedby': `${id}-notes`, status })}
      <div id={`${id}-notes`} aria-live="polite">
        {help !== undefined && <p className="md-form-note md-muted">{help}</p>}
        <Notes notes={notes} />
      </div>
    </div>
  )
}

/** Words about a field, errors and warnings told apart by more than colour. */
export function Notes({ notes }: { notes: readonly FieldNote[] }) {
  return notes.map(({ severity, message }) => (
    <p key={message} className={`md-form-note md-form-${severity}`}>
      <span aria-hidden="true">{severity === 'error' ? '✕ ' : '! '}</span>
      {message}
    </p>
  ))
}

export interface TextFieldProps extends Omit<FormFieldProps, 'children'> {
  value: string
  onChange: (text: string) => void
  placeholder?: string
  /** Offered, never forced. */
  options?: readonly string[] | undefined
  mono?: boolean
}

/** A line of text, with offers where there are any. */
export function TextField({ value, onChange, placeholder = '', options, mono = false, ...field }: TextFieldProps) {
  return (
    <FormField {...field}>
      {(control) =>
        options === undefined ? (
          <Input
            {...control}
            className={mono ? 'md-form-mono' : ''}
            value={value}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <AutoComplete
            {...control}
            value={value}
            placeholder={placeholder}
            options={options
              .filter((each) => each.includes(value) || options.includes(value))
              .map((each) => ({ value: each }))}
            onChange={(next: string | undefined) => onChange(next ?? '')}
          />
        )
      }
    </FormField>
  )
}

export interface NumberFieldProps extends Omit<FormFieldProps, 'children'> {
  value: number | undefined
  onChange: (value: number | undefined) => void
  min?: number
  placeholder?: string
  suffix?: string
}

/** A whole number, or none. */
export function NumberField({ value, onChange, min = 0, placeholder = '', suffix, ...field }: NumberFieldProps) {
  return (
    <FormField {...field}>
      {(control) => (
        <InputNumber
          {...control}
          value={value ?? null}
          min={min}
          precision={0}
          placeholder={placeholder}
          suffix={suffix}
          onChange={(next) => onChange(next ?? undefined)}
        />
      )}
    </FormField>
  )
}
