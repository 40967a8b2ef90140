import { createContext, use } from 'react'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import type { Choices } from './choices.ts'

/** Something to say beside a field. */
export interface FieldNote {
  severity: 'error' | 'warning'
  message: string
}

/** What every part of the form needs. */
export interface VirtualServiceFormState {
  namespace: string
  choices: Choices
  edit: ResourceFormProps['onEdit']
  /** What the form and the server say of a field, by its path (`spec.http[0].timeout`); of a list's items too if asked. */
  notesAt: (field: string, withItems?: boolean) => readonly FieldNote[]
}

export const FormContext = createContext<VirtualServiceFormState | undefined>(undefined)

/** The state of the form around. Throws outside of it, which is a mistake of ours. */
export function useForm(): VirtualServiceFormState {
  const state = use(FormContext)
  if (!state) throw new Error('useForm outside of a virtual service form')
  return state
}
