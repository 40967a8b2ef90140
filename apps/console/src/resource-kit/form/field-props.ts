import { isRecord } from '@meshdeck/kube'
import { useTranslation } from 'react-i18next'
import type { YamlPath } from './document-edits.ts'
import { labelOf, type FieldSpec } from './field-spec.ts'

export interface FieldProps<T extends FieldSpec['type'] = FieldSpec['type']> {
  spec: Extract<FieldSpec, { type: T }>
  at: YamlPath
  /** Steps of the path that stay when the field is emptied. */
  base: number
  value: unknown
}

/** What stands at some steps of a value; undefined when there is nothing. */
export function valueAt(value: unknown, steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>((found, step) => {
    if (Array.isArray(found)) return found[Number(step)]
    return isRecord(found) ? found[String(step)] : undefined
  }, value)
}

/** A path as servers print it: `spec.http[0].route`. */
export function printPath(path: YamlPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )
}

/** Words of a field. */
export function useFieldWords(spec: FieldSpec): { label: string; help: string | undefined } {
  const { t } = useTranslation('forms')
  const key = labelOf(spec)
  return { label: t(`fields.${key}`), help: spec.help ? t(`help.${key}`) : undefined }
}

/** What one element of a list or map is called. */
export function useItemWord(spec: Extract<FieldSpec, { type: 'list' | 'entries' | 'map' }>): string {
  const { t } = useTranslation('forms')
  return t(`items.${labelOf(spec)}`)
}
