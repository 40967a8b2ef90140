import { KINDS, type KindId } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import gatewayApi from '../../../../packages/sandbox/data/gateway-api-crds.json?raw'
import istio from '../../../../packages/sandbox/data/istio-crds.json?raw'
import { schemaAt, ITEM, type JsonSchema } from '../lib/json-schema.ts'
import { fieldsOf, STRETCHES, type FormField } from './testing/form-fields.ts'

interface Definition {
  spec: {
    group: string
    names: { plural: string }
    versions: { name: string; schema: { openAPIV3Schema: JsonSchema } }[]
  }
}

// The boundary: files of this repository, taken from real API servers by one script.
const definitions = [...JSON.parse(istio), ...JSON.parse(gatewayApi)] as Definition[]

function schemaOf(id: KindId): JsonSchema | undefined {
  const kind = KINDS.find((each) => each.id === id)
  const found = definitions.find(({ spec }) => spec.group === kind?.group && spec.names.plural === kind.plural)
  return found?.spec.versions.find(({ name }) => name === kind?.version)?.schema.openAPIV3Schema
}

/** What the schema has to say at a field's place, by what the form writes there. */
const TYPES: Readonly<Record<FormField['spec']['type'], readonly (string | undefined)[]>> = {
  text: ['string'],
  select: ['string'],
  texts: ['array'],
  number: ['integer', 'number'],
  toggle: ['boolean'],
  map: ['object'],
  group: ['object'],
  list: ['array'],
  entries: ['object'],
}

describe.each(STRETCHES.map((stretch) => [stretch.kind + (stretch.within && ' routes'), stretch] as const))(
  'fields of %s',
  (_title, stretch) => {
    const schema = schemaOf(stretch.kind)

    it.each(fieldsOf(stretch).map((field) => [field.path, field] as const))(
      '%s is one that the API has',
      (path, field) => {
        const { spec } = field
        const steps = path
          .split('.')
          .flatMap((step) =>
            step.endsWith('[]') ? [step.slice(0, -2), ITEM] : step.endsWith('{}') ? [step.slice(0, -2), '*'] : [step],
          )
        const found = schemaAt(schema, ['spec', ...steps])
        expect(TYPES[spec.type]).toContain(found?.type)
        if (spec.type === 'map')
          expect(TYPES[spec.numbers ? 'number' : 'text']).toContain(found?.additionalProperties?.type)
        if (spec.type === 'texts') expect(found?.items?.type).toBe('string')
        if (spec.type === 'select' && found?.enum) expect(found.enum).toEqual(expect.arrayContaining([...spec.options]))
      },
    )
  },
)
