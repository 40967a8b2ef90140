import {
  autocompletion,
  completionKeymap,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import { schemaAt, type JsonSchema } from '../../lib/json-schema.ts'
import { yamlPlace, type YamlPlace } from '../../lib/yaml-place.ts'

const STEP = 2
/** The schema is here: there is no server to be spared. */
const TYPING_PAUSE_MS = 20

/** Offers the fields and values that a schema knows where something is typed; on Ctrl-Space also where nothing is. */
export function schemaCompletion(schema: JsonSchema): Extension {
  return [
    autocompletion({
      override: [(context) => complete(context, schema)],
      icons: false,
      defaultKeymap: false,
      activateOnTypingDelay: TYPING_PAUSE_MS,
    }),
    keymap.of(completionKeymap),
  ]
}

function complete({ state, pos, explicit }: CompletionContext, schema: JsonSchema): CompletionResult | null {
  const line = state.doc.lineAt(pos)
  const place = yamlPlace(state.doc.toString().split('\n'), line.number - 1, pos - line.from)
  if (place === undefined || (place.typed === '' && !explicit)) return null
  const found = schemaAt(schema, place.path)
  const options = place.kind === 'key' ? keysOf(found, place) : valuesOf(found)
  return options.length === 0 ? null : { from: line.from + place.column, options, validFor: /^[\w./-]*$/ }
}

function keysOf(schema: JsonSchema | undefined, { beside, indent }: YamlPlace): Completion[] {
  const required = new Set(schema?.required)
  return Object.entries(schema?.properties ?? {})
    .filter(([name]) => !beside.has(name))
    .map(([name, field]) => ({
      label: name,
      apply: name + afterKey(field, indent + STEP),
      ...described(field),
      boost: required.has(name) ? 1 : 0,
    }))
}

/** What follows a key: its value on the line, or the beginning of what is inside of it. */
function afterKey({ type, properties }: JsonSchema, indent: number): string {
  const below = `:\n${' '.repeat(indent)}`
  if (type === 'array') return `${below}- `
  return type === 'object' || properties !== undefined ? below : ': '
}

function valuesOf(schema: JsonSchema | undefined): Completion[] {
  const values = schema?.type === 'boolean' ? ['true', 'false'] : (schema?.enum ?? []).map(String)
  return values.map((label) => ({ label, type: 'constant' }))
}

const described = ({ type, description }: JsonSchema): Partial<Completion> => ({
  ...(type === undefined ? {} : { detail: type }),
  ...(description === undefined ? {} : { info: description }),
})
