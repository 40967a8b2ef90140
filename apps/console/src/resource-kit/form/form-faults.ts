import { isRecord } from '@meshdeck/kube'
import { valueAt } from './field-props.ts'
import { RULES, type RuleName } from './field-rules.ts'
import { stepsOf, type FieldSpec } from './field-spec.ts'

/** Something that a form holds against an object. */
export interface FormFault {
  /** As servers name fields. */
  field: string
  /** Key of its words below `rules.` of the locale `forms`. */
  code: string
}

/**
 * All that the fields of a form hold against the part of an object that they stand for: the same rules as its controls show
 * while one types, over the whole object at once.
 */
export function formFaults(specs: readonly FieldSpec[], value: unknown, at = 'spec'): FormFault[] {
  return specs.flatMap((spec) => faultsOf(spec, valueAt(value, stepsOf(spec.path)), `${at}.${spec.path}`))
}

function faultsOf(spec: FieldSpec, value: unknown, field: string): FormFault[] {
  const fault = (code: string | undefined, place = field): FormFault[] =>
    code === undefined ? [] : [{ field: place, code }]
  const isAbsent = value === undefined || value === null || value === ''
  switch (spec.type) {
    case 'text':
      if (isAbsent) return fault(spec.required ? 'required' : undefined)
      return typeof value === 'string' ? fault(ruleFault(spec.rule, value)) : fault('text')
    case 'texts': {
      if (isAbsent || (Array.isArray(value) && value.length === 0)) return fault(spec.required ? 'required' : undefined)
      if (!Array.isArray(value)) return fault('text')
      return value.flatMap((each: unknown, index) =>
        fault(typeof each === 'string' ? ruleFault(spec.rule, each) : 'text', `${field}[${index}]`),
      )
    }
    case 'number': {
      if (isAbsent) return fault(spec.required ? 'required' : undefined)
      if (typeof value !== 'number') return fault('number')
      const { min = -Infinity, max = Infinity } = spec
      return fault(value < min || value > max ? 'range' : undefined)
    }
    case 'select':
      return fault(isAbsent || spec.options.some((option) => option === value) ? undefined : 'option')
    case 'toggle':
      return fault(isAbsent || typeof value === 'boolean' ? undefined : 'option')
    case 'map':
      if (isAbsent) return []
      return isRecord(value) &&
        Object.values(value).every((each) => typeof each === (spec.numbers ? 'number' : 'string'))
        ? []
        : fault('text')
    case 'group':
      return isAbsent ? [] : formFaults(spec.fields, value, field)
    case 'list':
      if (!Array.isArray(value) || value.length === 0) return fault(spec.required ? 'required' : undefined)
      return value.flatMap((each: unknown, index) => formFaults(spec.fields, each, `${field}[${index}]`))
    case 'entries':
      return Object.entries(isRecord(value) ? value : {}).flatMap(([key, each]) => [
        ...fault(ruleFault(spec.key, key), `${field}.${key}`),
        ...formFaults(spec.fields, each, `${field}.${key}`),
      ])
  }
}

const ruleFault = (rule: RuleName | undefined, text: string): string | undefined =>
  rule === undefined ? undefined : text === '' ? 'required' : RULES[rule](text)
