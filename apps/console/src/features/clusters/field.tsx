import type { ReactNode } from 'react'

export interface FieldProps {
  id: string
  label: string
  help?: string | undefined
  /** What is wrong with it, and the cure. */
  fault?: string | undefined
  wide?: boolean
  children: ReactNode
}

/** A field of a form with its label, what is wrong with it, and its help. */
export function Field({ id, label, help, fault, wide = false, children }: FieldProps) {
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
