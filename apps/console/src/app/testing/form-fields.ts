import { KINDS, type KindId } from '@meshdeck/kube'
import { DESCRIPTIONS, type DescribedKind } from '../../features/istio-forms/descriptions.ts'
import { FURTHER_FIELDS, ROUTE_FIELDS } from '../../features/virtual-services/route-fields.ts'
import type { YamlPath } from '../../resource-kit/form/document-edits.ts'
import { stepsOf, type FieldSpec } from '../../resource-kit/form/field-spec.ts'

/** One field of a form, a part of it (a group, a list) among them. */
export interface FormField {
  spec: FieldSpec
  /** The parts that it stands in, from the outside. */
  parents: readonly FieldSpec[]
  /** Below `spec`, `[]` for any element of a list and `{}` for any entry by name: `subsets[].name`. */
  path: string
  /** Where it stands in the documents that are made here. */
  at: YamlPath
}

/** A stretch of a form that is described as a list of fields. */
export interface FormStretch {
  kind: KindId
  specs: readonly FieldSpec[]
  /** Where its fields stand below `spec`, as in the path of a field. */
  within: string
  /** The same in the documents that are made here. */
  at: YamlPath
}

const isDescribed = (kind: KindId): kind is DescribedKind => kind in DESCRIPTIONS

/** Everything that is described, in every form. */
export const STRETCHES: readonly FormStretch[] = [
  ...KINDS.flatMap(({ id: kind }): FormStretch[] =>
    isDescribed(kind) ? [{ kind, specs: DESCRIPTIONS[kind], within: '', at: ['spec'] }] : [],
  ),
  { kind: 'VirtualService', specs: FURTHER_FIELDS, within: '', at: ['spec'] },
  { kind: 'VirtualService', specs: ROUTE_FIELDS, within: 'http[].', at: ['spec', 'http', 1] },
]

/** Names of the two entries that a map of objects has here; fields of the second one are looked at. */
const ENTRIES = { port: ['8080', '9090'], other: ['first', 'second'] } as const
const entriesOf = (spec: Extract<FieldSpec, { type: 'entries' }>) => ENTRIES[spec.key === 'port' ? 'port' : 'other']

/** All fields of a stretch, parts before what is in them. */
export function fieldsOf({ specs, within, at }: FormStretch): FormField[] {
  const walk = (
    own: readonly FieldSpec[],
    parents: readonly FieldSpec[],
    before: string,
    place: YamlPath,
  ): FormField[] =>
    own.flatMap((spec) => {
      const path = before + spec.path
      const here = [...place, ...stepsOf(spec.path)]
      const self = { spec, parents, path, at: here }
      if (!('fields' in spec)) return [self]
      const inside = (mark: string, ...steps: YamlPath) =>
        walk(spec.fields, [...parents, spec], `${path}${mark}.`, [...here, ...steps])
      if (spec.type === 'list') return [self, ...inside('[]', 1)]
      if (spec.type === 'entries') return [self, ...inside('{}', entriesOf(spec)[1])]
      return [self, ...inside('')]
    })
  return walk(specs, [], within, at)
}

/** A value for a field that no other field of the form has, where its kind leaves that open. */
export function sampleOf({ spec, path }: FormField, turn = 0): unknown {
  const word = `${path.replaceAll(/[^a-zA-Z]+/g, '-').toLowerCase()}${turn === 0 ? '' : '-again'}`
  switch (spec.type) {
    case 'text':
      return word
    case 'texts':
      return [word]
    case 'number':
      return Math.min(spec.max ?? Infinity, (spec.min ?? 0) + 1 + (path.length % 50)) - turn
    case 'select':
      return spec.options[turn]
    case 'toggle':
      return true
    case 'map':
      return { [spec.numbers ? 'west' : 'app']: spec.numbers ? (path.length % 50) + 1 + turn : word }
    case 'group':
    case 'list':
    case 'entries':
      return spec.start ?? {}
  }
}

/** What clearing a field takes away: the field itself, or the last element of a list or a map. */
export function lastIn(field: FormField): YamlPath {
  const { spec, at } = field
  if (spec.type === 'list') return [...at, 1]
  if (spec.type === 'entries') return [...at, entriesOf(spec)[1]]
  return spec.type === 'map' ? [...at, spec.numbers ? 'west' : 'app'] : at
}

/** What a stretch's object is with every field set. Of lists and maps the second element has it all. */
export function fullObject(stretch: FormStretch): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const field of fieldsOf(stretch)) {
    const steps = field.at.slice(stretch.at.length)
    put(made, steps, 'fields' in field.spec ? emptyPart(field.spec) : sampleOf(field))
  }
  return made
}

/** A stretch's object with its parts down to a depth, and nothing in them. */
export function emptyObject(stretch: FormStretch, depth: number): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const { spec, parents, at } of fieldsOf(stretch)) {
    if ('fields' in spec && parents.length < depth) put(made, at.slice(stretch.at.length), emptyPart(spec))
  }
  return made
}

function emptyPart(spec: FieldSpec): unknown {
  if (spec.type === 'list') return [{}, {}]
  if (spec.type === 'entries') return Object.fromEntries(entriesOf(spec).map((name) => [name, {}]))
  return {}
}

/** Sets a value in plain data, and makes the objects on the way. */
export function put(target: Record<string, unknown>, [first, ...rest]: YamlPath, value: unknown): void {
  const key = String(first)
  if (rest.length === 0) target[key] = value
  else put(((target[key] as Record<string, unknown> | undefined) ??= {}) as Record<string, unknown>, rest, value)
}

/** Takes a field out of plain data, and of its own steps those that stay empty. */
export function take(target: Record<string, unknown>, path: YamlPath, own: number): void {
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, target)
  if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1)
  else delete parent[String(path.at(-1))]
  if (own > 1 && Object.keys(parent).length === 0) take(target, path.slice(0, -1), own - 1)
}
