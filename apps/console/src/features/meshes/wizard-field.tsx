import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface WizardFieldProps {
  /** Of the control inside; its explanation is `ID-help`. */
  id: string
  label: string
  help?: ReactNode
  /** A key of `meshes:wizard.problems`. */
  problem?: string | undefined
  children: ReactNode
}

/** A labelled control with its explanation, and what is wrong with it. */
export function WizardField({ id, label, help, problem, children }: WizardFieldProps) {
  const { t } = useTranslation(['meshes', 'mesh-wizard'])
  return (
    <div className="md-head-field">
      <label htmlFor={id}>{label}</label>
      {children}
      <div id={`${id}-help`}>
        {problem && (
          <p className="md-fault" role="alert">
            {t([`wizard.problems.${problem}`, `mesh-wizard:problems.${problem}`])}
          </p>
        )}
        {help && <p className="md-muted">{help}</p>}
      </div>
    </div>
  )
}

interface WizardSectionProps {
  title: string
  help?: string
  children: ReactNode
}

export function WizardSection({ title, help, children }: WizardSectionProps) {
  return (
    <section className="md-card">
      <header>
        <h2>{title}</h2>
        {help && <span className="md-muted">{help}</span>}
      </header>
      <div className="md-card-body md-head">{children}</div>
    </section>
  )
}
