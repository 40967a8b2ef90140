import { isRecord, type KindDefinition } from '@meshdeck/kube'

/** How deep references are followed: a Service's are four deep, and a reference to itself has to end somewhere. */
const MAX_DEPTH = 24
const REFERENCE = '#/components/schemas/'
/** What an editor reads of a schema. Source: https://spec.openapis.org/oas/v3.0.3#schema-object */
const KEPT = ['type', 'description', 'enum', 'required', 'format', 'default', 'minimum', 'maximum', 'pattern'] as const
/** People write these; the rest of the metadata is the server's. */
const WRITTEN_METADATA = ['name', 'namespace', 'labels', 'annotations'] as const

type Schema = Record<string, unknown>

/** The schema of one kind in an OpenAPI v3 document of its group, without references; undefined when it is not in there. */
export function editorSchema(document: unknown, { group, version, kind }: KindDefinition): Schema | undefined {
  const components = isRecord(document) && isRecord(document['components']) ? document['components'] : {}
  const schemas: Schema = isRecord(components['schemas']) ? components['schemas'] : {}
  const found = Object.values(schemas).find((each) => isOf(each, { group, version, kind }))
  if (!isRecord(found)) return undefined
  const { properties, ...schema } = resolve(found, schemas, 0)
  const { status: _status, metadata, ...own } = isRecord(properties) ? properties : {}
  return { ...schema, properties: { ...own, metadata: writtenMetadata(metadata) } }
}

function isOf(schema: unknown, wanted: Record<'group' | 'version' | 'kind', string>): boolean {
  const kinds = isRecord(schema) ? schema['x-kubernetes-group-version-kind'] : undefined
  return (
    Array.isArray(kinds) &&
    kinds.some(
      (each) =>
        isRecord(each) &&
        each['group'] === wanted.group &&
        each['version'] === wanted.version &&
        each['kind'] === wanted.kind,
    )
  )
}

function resolve(given: unknown, schemas: Schema, depth: number): Schema {
  if (!isRecord(given) || depth > MAX_DEPTH) return {}
  const schema = followed(given, schemas)
  // Whatever may be there, or one of several things: nothing sure can be said of what is inside.
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return pick(schema, ['description'])
  if (schema['x-kubernetes-int-or-string'] === true) return pick(schema, ['description', 'default'])
  const { properties, items, additionalProperties } = schema
  return {
    ...pick(schema, KEPT),
    ...(isRecord(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, each]) => [name, resolve(each, schemas, depth + 1)]),
          ),
        }
      : {}),
    ...(items === undefined ? {} : { items: resolve(items, schemas, depth + 1) }),
    ...(isRecord(additionalProperties)
      ? { additionalProperties: resolve(additionalProperties, schemas, depth + 1) }
      : {}),
  }
}

/** What a reference means. Kubernetes writes `allOf: [{ $ref }]` where a description stands beside it. */
function followed(schema: Schema, schemas: Schema): Schema {
  const { allOf, ...beside } = schema
  const [only] = Array.isArray(allOf) && allOf.length === 1 ? allOf : []
  const reference = schema['$ref'] ?? (isRecord(only) ? only['$ref'] : undefined)
  if (typeof reference !== 'string' || !reference.startsWith(REFERENCE)) return schema
  const target = schemas[reference.slice(REFERENCE.length)]
  return isRecord(target) ? { ...followed(target, schemas), ...beside } : {}
}

function writtenMetadata(metadata: unknown): Schema {
  if (!isRecord(metadata) || !isRecord(metadata['properties'])) return {}
  return { type: 'object', properties: pick(metadata['properties'], WRITTEN_METADATA), open: true }
}

const pick = (schema: Schema, names: readonly string[]): Schema =>
  Object.fromEntries(names.flatMap((name) => (schema[name] === undefined ? [] : [[name, schema[name]]])))
