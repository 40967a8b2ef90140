import { createHash } from 'node:crypto'
import { noSuchResource } from '../api/errors.ts'
import type { ResourceType } from '../api/resource-type.ts'
import { BUILTIN_SCHEMAS } from '../schema/builtin-data.ts'
import { OBJECT_META } from '../patch/object-meta-schema.ts'
import type { TypeRegistry } from '../schema/type-registry.ts'
import { groupsOf } from './discovery.ts'

const REFERENCE = '#/components/schemas/'
/** Every object has them, whether or not its definition says so; a real server publishes them. */
const TYPE_META = { apiVersion: { type: 'string' }, kind: { type: 'string' } }

/** OpenAPI v3 as an API server publishes it: an index, and a document for each version of a group. */
export class OpenApi {
  readonly #types: TypeRegistry
  #revision = -1
  #documents = new Map<string, string>()

  constructor(types: TypeRegistry) {
    this.#types = types
  }

  index(): unknown {
    const paths = groupsOf(this.#types).flatMap(([group, versions]) =>
      versions.map((version) => {
        const path = group === '' ? `api/${version}` : `apis/${group}/${version}`
        const hash = createHash('sha512')
          .update(`${path} ${this.#revisionOf(group)}`)
          .digest('hex')
          .toUpperCase()
        return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }] as const
      }),
    )
    return { paths: Object.fromEntries(paths) }
  }

  /** JSON of one document. @throws StatusError 404 */
  document(path: string): string {
    if (this.#revision !== this.#types.revision) {
      this.#documents = new Map()
      this.#revision = this.#types.revision
    }
    let text = this.#documents.get(path)
    if (text === undefined) this.#documents.set(path, (text = JSON.stringify(this.#build(path))))
    return text
  }

  /** Built-in groups never change. */
  #revisionOf(group: string): number {
    return this.#types.all().some((type) => type.group === group && this.#types.isCustom(type))
      ? this.#types.revision
      : 0
  }

  #build(path: string): unknown {
    const parts = path.split('/')
    const group = parts[0] === 'apis' ? (parts[1] ?? '') : ''
    const version = parts.at(-1) ?? ''
    const types = this.#types.all().filter((type) => type.group === group && type.version === version)
    if (types.length === 0) throw noSuchResource()
    const schemas: Record<string, unknown> = {}
    for (const type of types) {
      const schema = this.#types.schemaOf(type)
      if (schema === undefined) continue
      const gvk = [{ group, version, kind: type.kind }]
      if (this.#types.isCustom(type)) {
        const properties = { ...TYPE_META, ...schema.properties, metadata: OBJECT_META }
        schemas[customName(type)] = { ...schema, properties, 'x-kubernetes-group-version-kind': gvk }
      } else addWithReferences(schemas, nameOf(type))
    }
    const paths = Object.fromEntries(types.map((type) => [pathOf(type), operations(type)]))
    return {
      openapi: '3.0.0',
      info: { title: 'Kubernetes', version: 'sandbox' },
      paths,
      components: { schemas },
    }
  }
}

/** What `kubectl` looks for before it lets the server check fields: that PATCH knows `fieldValidation`. */
function operations(type: ResourceType): unknown {
  const query = (name: string): unknown => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })
  const gvk = { group: type.group, version: type.version, kind: type.kind }
  const writes = [query('dryRun'), query('fieldManager'), query('fieldValidation')]
  const operation = (action: string, parameters: readonly unknown[]): unknown => ({
    parameters,
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  })
  return {
    get: operation('get', []),
    put: operation('put', writes),
    patch: operation('patch', [...writes, query('force')]),
    delete: operation('delete', [query('dryRun')]),
    parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string', uniqueItems: true } }],
  }
}

function pathOf(type: ResourceType): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`
  return `${root}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}/{name}`
}

/** Reversed domain, as the real server names custom kinds. */
function customName(type: ResourceType): string {
  return [...type.group.split('.').toReversed(), type.version, type.kind].join('.')
}

function nameOf(type: ResourceType): string | undefined {
  for (const [name, schema] of BUILTIN_SCHEMAS) {
    const kinds: unknown = Object.entries(schema).find(([field]) => field === 'x-kubernetes-group-version-kind')?.[1]
    if (!Array.isArray(kinds)) continue
    const found = kinds.some(
      (gvk) => gvk?.group === type.group && gvk?.version === type.version && gvk?.kind === type.kind,
    )
    if (found) return name
  }
  return undefined
}

function addWithReferences(schemas: Record<string, unknown>, first: string | undefined): void {
  const wanted = first === undefined ? [] : [first]
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const schema = BUILTIN_SCHEMAS.get(name)
    if (schema === undefined || Object.hasOwn(schemas, name)) continue
    schemas[name] = schema
    for (const [reference] of JSON.stringify(schema).matchAll(/#\/components\/schemas\/[^"]+/g)) {
      wanted.push(reference.slice(REFERENCE.length))
    }
  }
}

/** Of OpenAPI v2 in protobuf, which is all that kubectl asks for. */
export const SWAGGER_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/**
 * The OpenAPI v2 document, without definitions: kubectl looks there before it applies a `List`, and leaves kinds that
 * are not in it to the server's own checks. The fields are those of `Document` and `Info` in gnostic's OpenAPIv2.proto.
 */
export function swagger(version: string): string {
  const info = protobufText(1, 'Kubernetes') + protobufText(2, version)
  return protobufText(1, '2.0') + protobufText(2, info) + protobufText(8, '')
}

/** A field of a text or a message of less than 128 ASCII characters. */
function protobufText(field: number, text: string): string {
  return String.fromCharCode((field << 3) | 2, text.length) + text
}
