import { createContext, use } from 'react'
import type { Choices } from '../../resource-kit/form/choices.ts'
import { useFormState, type FormState } from '../../resource-kit/form/form-state.ts'

export const ChoicesContext = createContext<Choices | undefined>(undefined)

/** The state of the form around, with what a cluster offers to choose from. Throws outside of it, which is a mistake of ours. */
export function useForm(): FormState & { choices: Choices } {
  const choices = use(ChoicesContext)
  if (!choices) throw new Error('useForm outside of a virtual service form')
  return { ...useFormState(), choices }
}
