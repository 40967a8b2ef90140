import { FieldForm } from '../../resource-kit/form/field-form.tsx'
import type { ResourceFormProps } from '../../resource-kit/forms.ts'
import { DESCRIPTIONS, type DescribedKind } from './descriptions.ts'

/** The form of a kind that is described as a list of fields. */
export function describedForm(kind: DescribedKind) {
  const specs = DESCRIPTIONS[kind]
  function DescribedForm(props: ResourceFormProps) {
    return <FieldForm {...props} specs={specs} />
  }
  return DescribedForm
}
