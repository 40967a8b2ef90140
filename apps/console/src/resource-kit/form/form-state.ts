import { createContext, use } from 'react'
import type { ResourceFormProps } from '../forms.ts'

/** Something to say beside a field. */
export interface FieldNote {
  severity: 'error' | 'warning'
  message: string
}

/** What every part of a form needs. */
export interface FormState {
  namespace: string
  cluster: string
  edit: ResourceFormProps['onEdit']
  /** What a field may hold by what others say, by its path; undefined for a field that nothing is known of. */
  offersAt?: (field: string) => readonly string[] | undefined
  /** What the form, the server and the analysis say of a field, by its path (`spec.http[0].timeout`); of a list's items too if asked. */
  notesAt: (field: string, withItems?: boolean) => readonly FieldNote[]
}

export const FormStateContext = createContext<FormState | undefined>(undefined)

/** The state of the form around. Throws outside of it, which is a mistake of ours. */
export function useFormState(): FormState {
  const state = use(FormStateContext)
  if (!state) throw new Error('useFormState outside of a form')
  return state
}

/** Looks up notes by field. */
export function notesBy(all: readonly (FieldNote & { field: string })[]): FormState['notesAt'] {
  const notes = Map.groupBy(all, ({ field }) => field)
  return (field, withItems = false) => [
    ...(notes.get(field) ?? []),
    ...(withItems ? [...notes].filter(([each]) => each.startsWith(`${field}[`)).flatMap(([, own]) => own) : []),
  ]
}
