import { objectFaults } from '@meshdeck/mesh'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStyle } from '../../lib/use-style.ts'
import type { ResourceFormProps } from '../forms.ts'
import { Fields } from './fields.tsx'
import type { FieldSpec } from './field-spec.ts'
import css from './form.css?inline'
import { FormStateContext, notesBy, type FormState } from './form-state.ts'

/** A form made of a list of fields below `spec`. */
export function FieldForm({
  specs,
  value,
  onEdit,
  scope,
  problems,
}: ResourceFormProps & { specs: readonly FieldSpec[] }) {
  useStyle(css)
  const { t } = useTranslation('forms')
  const { namespace = '' } = value.metadata
  const state = useMemo<FormState>(
    () => ({
      namespace,
      cluster: scope.cluster,
      edit: onEdit,
      notesAt: notesBy([
        ...objectFaults(value).map(({ field, code }) => ({
          field,
          severity: 'error' as const,
          message: t(`rules.${code}`),
        })),
        ...problems.map(({ severity = 'error', ...rest }) => ({ severity, ...rest })),
      ]),
    }),
    [namespace, scope.cluster, onEdit, problems, value, t],
  )
  return (
    <FormStateContext value={state}>
      <div className="md-stack md-form">
        <Fields specs={specs} at={['spec']} value={value.spec} />
      </div>
    </FormStateContext>
  )
}
