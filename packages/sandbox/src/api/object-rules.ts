/** What every object goes through on its way in: its shape, its defaults, the rules of its kind. */
import { isRecord } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import { withBuiltinDefaults } from '../schema/builtin-defaults.ts'
import { builtinCauses } from '../schema/builtin-validation.ts'
import { checkDecodable } from '../schema/decode-object.ts'
import { withDefaults } from '../schema/default-object.ts'
import { withoutEmptyMaps } from '../schema/drop-empty.ts'
import type { Cause } from '../schema/invalid-error.ts'
import { invalid, invalidError, required } from '../schema/invalid-error.ts'
import { keyCauses, labelCauses, nameProblem } from '../schema/names.ts'
import type { NameRule } from '../schema/names.ts'
import { pruneObject } from '../schema/prune-object.ts'
import type { TypeRegistry } from '../schema/type-registry.ts'
import { validateObject } from '../schema/validate-object.ts'
import { badRequest } from './errors.ts'
import { apiVersionOf } from './metadata.ts'
import type { ResourceType } from './resource-type.ts'
import type { WriteOptions } from './write-options.ts'

/** 256 KiB for all annotations together. */
const ANNOTATIONS_BYTES = 262_144

const NAME_RULES: Readonly<Record<ResourceKey, NameRule>> = {
  namespaces: 'label',
  services: 'label',
  'rbac.authorization.k8s.io/roles': 'path',
  'rbac.authorization.k8s.io/clusterroles': 'path',
  'rbac.authorization.k8s.io/rolebindings': 'path',
  'rbac.authorization.k8s.io/clusterrolebindings': 'path',
}

/** @throws StatusError 422 for a name that is missing or written otherwise than the kind wants it. */
export function checkName(type: ResourceType, object: KubeObject): void {
  const { name } = object.metadata
  if (name === '') throw invalidError(type, '', [required('metadata.name', 'name or generateName is required')])
  const problem = nameProblem(name, NAME_RULES[resourceKey(type.group, type.plural)] ?? 'subdomain')
  if (problem !== undefined) throw invalidError(type, name, [invalid('metadata.name', name, problem)])
}

/**
 * Drops what the kind does not know, as the caller wants it told, and fills in defaults. The object comes out in the
 * version that is stored.
 *
 * @throws StatusError 400 for a value of the wrong type, or for an unknown field under strict validation.
 */
export function shapeObject(
  types: TypeRegistry,
  type: ResourceType,
  body: KubeObject,
  options: WriteOptions,
): KubeObject {
  const schema = types.schemaOf(type)
  if (schema === undefined) return { ...body, apiVersion: apiVersionOf(type.group, type.storageVersion) }
  const custom = types.isCustom(type)
  if (!custom) checkDecodable(type, schema, body, types)
  const { value, unknown } = pruneObject(schema, body, types)
  if (unknown.length > 0 && options.fieldValidation === 'Strict') {
    const list = unknown.map((path) => `unknown field "${path}"`).join(', ')
    throw badRequest(
      `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: strict decoding error: ${list}`,
    )
  }
  if (options.fieldValidation === 'Warn') for (const path of unknown) options.warn(`unknown field "${path}"`)
  const filled = custom ? withDefaults(schema, value, types) : withoutEmptyMaps(schema, value, types)
  const object: KubeObject = isRecord(filled) ? { ...body, ...keep(filled), metadata: body.metadata } : body
  const kept = only(object, filled)
  const stored = { ...kept, apiVersion: apiVersionOf(type.group, type.storageVersion) }
  return custom ? stored : withBuiltinDefaults(resourceKey(type.group, type.plural), stored)
}

/** @throws StatusError 422 with everything that is wrong. */
export function checkObject(
  types: TypeRegistry,
  type: ResourceType,
  object: KubeObject,
  old: KubeObject | undefined,
): void {
  const causes: Cause[] = metadataCauses(object)
  const schema = types.schemaOf(type)
  if (types.isCustom(type) && schema !== undefined) causes.push(...validateObject(schema, object, types, old))
  causes.push(...builtinCauses(resourceKey(type.group, type.plural), object, old))
  if (causes.length > 0) throw invalidError(type, object.metadata.name, causes)
}

function metadataCauses(object: KubeObject): Cause[] {
  const { labels, annotations, finalizers } = object.metadata
  const causes = labels === undefined ? [] : labelCauses(labels, 'metadata.labels')
  let bytes = 0
  for (const [key, value] of Object.entries(annotations ?? {})) {
    causes.push(...keyCauses(key.toLowerCase(), 'metadata.annotations'))
    bytes += key.length + String(value).length
  }
  if (bytes > ANNOTATIONS_BYTES) {
    causes.push({
      field: 'metadata.annotations',
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${ANNOTATIONS_BYTES} bytes`,
    })
  }
  for (const finalizer of finalizers ?? []) causes.push(...keyCauses(finalizer, 'metadata.finalizers'))
  return causes
}

function keep(value: Record<string, unknown>): Record<string, unknown> {
  const { apiVersion: _, kind: __, metadata: ___, ...rest } = value
  return rest
}

/** The object without the fields that pruning took from its top level. */
function only(object: KubeObject, pruned: unknown): KubeObject {
  if (!isRecord(pruned)) return object
  const entries = Object.entries(object).filter(([name]) => Object.hasOwn(pruned, name))
  return { ...Object.fromEntries(entries), apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata }
}
