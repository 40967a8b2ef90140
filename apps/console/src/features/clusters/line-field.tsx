import Input from 'antd/es/input'
import { useId } from 'react'
import { Field } from './field.tsx'

export interface LineFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  help?: string
  fault?: string | undefined
  placeholder?: string
}

/** A field of one line. */
export function LineField({ label, value, onChange, help, fault, placeholder }: LineFieldProps) {
  const id = useId()
  return (
    <Field id={id} label={label} help={help} fault={fault}>
      <Input
        id={id}
        value={value}
        autoComplete="off"
        aria-describedby={`${id}-help`}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(fault === undefined ? {} : { status: 'error' as const, 'aria-invalid': true })}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
