import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ResourceType } from '../api/resource-type.ts'
import { BUILTIN_SCHEMAS, BUILTIN_TYPES } from './builtin-data.ts'
import type { Schema, SchemaSource } from './schema.ts'

const REFERENCE = '#/components/schemas/'
const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

interface CustomType {
  readonly type: ResourceType
  readonly schema: Schema | undefined
  /** `additionalPrinterColumns` of its version. */
  readonly columns: readonly unknown[]
}

/** What an API server serves: the built-in kinds, and those that CRDs bring while they are there. */
export class TypeRegistry implements SchemaSource {
  readonly #builtin = new Map<string, ResourceType>(BUILTIN_TYPES.map((type) => [pathOf(type), type]))
  readonly #custom = new Map<string, CustomType>()
  readonly #resolved = new WeakMap<Schema, Schema>()
  #revision = 0

  /** Grows when kinds come or go. */
  get revision(): number {
    return this.#revision
  }

  find(group: string, version: string, plural: string): ResourceType | undefined {
    const path = pathOf({ group, version, plural })
    return this.#builtin.get(path) ?? this.#custom.get(path)?.type
  }

  /** The version of a resource that objects are stored in. */
  storage(group: string, plural: string): ResourceType | undefined {
    return this.all().find(
      (type) => type.group === group && type.plural === plural && type.version === type.storageVersion,
    )
  }

  byKind(group: string, version: string, kind: string): ResourceType | undefined {
    return this.all().find((type) => type.group === group && type.version === version && type.kind === kind)
  }

  #all: readonly ResourceType[] | undefined

  all(): readonly ResourceType[] {
    this.#all ??= [...this.#builtin.values(), ...[...this.#custom.values()].map(({ type }) => type)]
    return this.#all
  }

  isCustom(type: ResourceType): boolean {
    return this.#custom.has(pathOf(type))
  }

  schemaOf(type: ResourceType): Schema | undefined {
    const custom = this.#custom.get(pathOf(type))
    if (custom !== undefined) return custom.schema
    return builtinSchema(type.group, type.version, type.kind)
  }

  columnsOf(type: ResourceType): readonly unknown[] | undefined {
    return this.#custom.get(pathOf(type))?.columns
  }

  resolve(schema: Schema): Schema {
    if (schema.$ref === undefined && schema.allOf?.length !== 1) return schema
    const known = this.#resolved.get(schema)
    if (known !== undefined) return known
    const { $ref, allOf, ...own } = schema
    const reference = $ref ?? allOf?.[0]?.$ref
    const target = reference === undefined ? allOf?.[0] : BUILTIN_SCHEMAS.get(reference.slice(REFERENCE.length))
    const resolved = target === undefined ? own : { ...this.resolve(target), ...own }
    this.#resolved.set(schema, resolved)
    return resolved
  }

  addCrd(crd: KubeObject): void {
    this.removeCrd(crd.metadata.name)
    const group = textAt(crd, 'spec', 'group') ?? ''
    const names = recordAt(crd, 'spec', 'names')
    const plural = textAt(names, 'plural') ?? ''
    const kind = textAt(names, 'kind') ?? ''
    const versions = listAt(crd, 'spec', 'versions').filter((version) => recordAt(version)['served'] !== false)
    const stored = listAt(crd, 'spec', 'versions').find((version) => recordAt(version)['storage'] === true)
    for (const version of versions) {
      const name = textAt(version, 'name') ?? ''
      const type: ResourceType = {
        group,
        version: name,
        storageVersion: textAt(stored, 'name') ?? name,
        plural,
        singular: textAt(names, 'singular') ?? kind.toLowerCase(),
        kind,
        listKind: textAt(names, 'listKind') ?? `${kind}List`,
        namespaced: textAt(crd, 'spec', 'scope') === 'Namespaced',
        shortNames: texts(names['shortNames']),
        categories: texts(names['categories']),
        subresources: Object.keys(recordAt(version, 'subresources')),
        verbs: CUSTOM_VERBS,
      }
      const schema = recordAt(version, 'schema')['openAPIV3Schema']
      this.#custom.set(pathOf(type), {
        type,
        schema: isRecord(schema) ? schema : undefined,
        columns: listAt(version, 'additionalPrinterColumns'),
      })
    }
    this.#touch()
  }

  /** @param name as a CRD is named: `plural.group`. */
  removeCrd(name: string): void {
    for (const [path, { type }] of this.#custom) {
      if (`${type.plural}.${type.group}` === name) this.#custom.delete(path)
    }
    this.#touch()
  }

  #touch(): void {
    this.#all = undefined
    this.#revision++
  }
}

function pathOf({ group, version, plural }: { group: string; version: string; plural: string }): string {
  return `${group}/${version}/${plural}`
}

let byKind: ReadonlyMap<string, Schema> | undefined

function builtinSchema(group: string, version: string, kind: string): Schema | undefined {
  byKind ??= new Map(
    [...BUILTIN_SCHEMAS.values()].flatMap((schema) =>
      listAt(schema, 'x-kubernetes-group-version-kind').map((gvk) => {
        const { group: of, version: in_, kind: is } = recordAt({ gvk }, 'gvk')
        return [`${String(of)}/${String(in_)}/${String(is)}`, schema] as const
      }),
    ),
  )
  return byKind.get(`${group}/${version}/${kind}`)
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
