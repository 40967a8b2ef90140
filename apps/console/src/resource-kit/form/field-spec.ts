import type { RuleName } from './field-rules.ts'

/** Things of the cluster that a field may name; what is named and not there is marked. */
export type PickName =
  | 'host'
  | 'gateway'
  | 'virtualService'
  | 'namespace'
  | 'exportTo'
  | 'secret'
  | 'principal'
  | 'gatewayLabels'
  | 'service'
  | 'parent'
  | 'target'

/** What a field offers to choose from; typed text is always taken too. */
export type Pick = PickName | readonly string[]

interface Common {
  /** Below the part that it stands in, dotted: `mtls.mode`. */
  path: string
  /** Key of its words in the locale `forms`; the last step of the path by default. */
  label?: string
  /** Whether there are words that help, under the same key. */
  help?: true
}

/** One field of a form: how it is shown, and what of the object it stands for. */
export type FieldSpec = Common &
  (
    | { type: 'text'; pick?: Pick; rule?: RuleName; required?: true; long?: true }
    | { type: 'texts'; pick?: Pick; rule?: RuleName; required?: true }
    | { type: 'number'; min?: number; max?: number; required?: true }
    | { type: 'select'; options: readonly string[] }
    | { type: 'toggle' }
    /** A map of texts, such as labels; or of numbers. */
    | { type: 'map'; pick?: Pick; numbers?: true }
    /** An object of its own, that may be left out. `start`: what it begins with. */
    | { type: 'group'; fields: readonly FieldSpec[]; start?: object; open?: true }
    /** A list of objects. `ordered`: their order means something. */
    | { type: 'list'; fields: readonly FieldSpec[]; start: object; ordered?: true; required?: true }
    /** A map of objects by a name, such as settings by port. */
    | { type: 'entries'; fields: readonly FieldSpec[]; start: object; key: RuleName }
  )

type Extra<T extends FieldSpec['type']> = Omit<Extract<FieldSpec, { type: T }>, 'type' | 'path'>

/** Makers of fields, so that a form reads like a list of them. */
export const field = {
  text: (path: string, extra: Extra<'text'> = {}): FieldSpec => ({ type: 'text', path, ...extra }),
  texts: (path: string, extra: Extra<'texts'> = {}): FieldSpec => ({ type: 'texts', path, ...extra }),
  number: (path: string, extra: Extra<'number'> = {}): FieldSpec => ({ type: 'number', path, ...extra }),
  select: (path: string, options: readonly string[], extra: Omit<Extra<'select'>, 'options'> = {}): FieldSpec => ({
    type: 'select',
    path,
    options,
    ...extra,
  }),
  toggle: (path: string, extra: Extra<'toggle'> = {}): FieldSpec => ({ type: 'toggle', path, ...extra }),
  map: (path: string, extra: Extra<'map'> = {}): FieldSpec => ({ type: 'map', path, ...extra }),
  group: (path: string, fields: readonly FieldSpec[], extra: Omit<Extra<'group'>, 'fields'> = {}): FieldSpec => ({
    type: 'group',
    path,
    fields,
    ...extra,
  }),
  list: (
    path: string,
    fields: readonly FieldSpec[],
    start: object,
    extra: Omit<Extra<'list'>, 'fields' | 'start'> = {},
  ): FieldSpec => ({
    type: 'list',
    path,
    fields,
    start,
    ...extra,
  }),
  entries: (path: string, key: RuleName, fields: readonly FieldSpec[], start: object): FieldSpec => ({
    type: 'entries',
    path,
    key,
    fields,
    start,
  }),
}

export const stepsOf = (path: string): string[] => path.split('.')
/** Key of a field's words. */
export const labelOf = ({ path, label }: FieldSpec): string => label ?? stepsOf(path).at(-1) ?? path
