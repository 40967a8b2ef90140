import type { KubeObject } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import { withDefaults } from '../schema/default-object.ts'
import { trackUpdate } from '../patch/managed-fields.ts'
import type { Cluster } from './cluster.ts'
import { alreadyExists, badRequest, forbidden, notFound } from './errors.ts'
import { generatedName, newMetadata } from './metadata.ts'
import { checkObject, checkName, shapeObject } from './object-rules.ts'
import type { ResourceType } from './resource-type.ts'
import { hasGeneration, strategyOf } from './strategies.ts'
import type { WriteOptions } from './write-options.ts'

const GENERATE_TRIES = 8

/**
 * Makes an object: shape, defaults, the server's own fields, admission, rules, then the store.
 *
 * @throws StatusError as the real server would answer.
 */
export function createObject(
  cluster: Cluster,
  type: ResourceType,
  namespace: string | undefined,
  body: KubeObject,
  options: WriteOptions,
): KubeObject {
  const resource = resourceKey(type.group, type.plural)
  if (body.metadata.resourceVersion !== undefined && body.metadata.resourceVersion !== '') {
    throw badRequest('resourceVersion should not be set on objects to be created')
  }
  if (namespace !== undefined) checkNamespace(cluster, type, namespace, body.metadata.name)
  const named = { ...body, metadata: { ...body.metadata, name: nameFor(cluster, resource, namespace, body) } }
  checkName(type, named)
  const shaped = shapeObject(cluster.types, type, named, options)
  const custom = cluster.types.isCustom(type)
  const now = cluster.clock.now()
  let object: KubeObject = { ...shaped, metadata: newMetadata(shaped.metadata, now, hasGeneration(resource, custom)) }
  // A status is written through its subresource alone, which a new object has not been through.
  if (type.subresources.includes('status')) {
    const { status: _, ...rest } = object
    object = custom ? withDefaultStatus(cluster, type, rest) : rest
  }
  if (cluster.store.get(resource, namespace, object.metadata.name) !== undefined) {
    throw alreadyExists(type, object.metadata.name)
  }
  const strategy = strategyOf(resource)
  for (const admission of cluster.admission) {
    object = admission.mutate?.({ operation: 'CREATE', resource, object, dryRun: options.dryRun }) ?? object
  }
  if (options.fieldManager !== undefined) object = tracked(cluster, type, object, body.apiVersion, options.fieldManager)
  if (!custom && type.subresources.includes('status')) object = { ...object, status: {} }
  // What the server itself allocates belongs to nobody.
  object = strategy.create?.(object, cluster) ?? object
  checkObject(cluster.types, type, object, undefined)
  for (const admission of cluster.admission) {
    const warnings = admission.validate?.({ operation: 'CREATE', resource, object, dryRun: options.dryRun }) ?? []
    for (const warning of warnings) options.warn(warning)
  }
  if (options.dryRun) {
    strategy.remove?.(object, cluster)
    return object
  }
  return cluster.store.put(resource, object)
}

/** A definition may say what a status is until somebody writes it: that of Gateways is "Waiting for controller". */
function withDefaultStatus(cluster: Cluster, type: ResourceType, object: KubeObject): KubeObject {
  const schema = cluster.types.schemaOf(type)?.properties?.['status']
  if (schema?.default === undefined) return object
  return { ...object, status: withDefaults(schema, structuredClone(schema.default), cluster.types) }
}

function tracked(
  cluster: Cluster,
  type: ResourceType,
  object: KubeObject,
  apiVersion: string,
  manager: string,
): KubeObject {
  return trackUpdate({
    schema: cluster.types.schemaOf(type),
    source: cluster.types,
    before: undefined,
    after: object,
    manager,
    apiVersion,
    now: cluster.clock.now(),
  })
}

function checkNamespace(cluster: Cluster, type: ResourceType, namespace: string, name: string): void {
  const found = cluster.store.get('namespaces', undefined, namespace)
  if (found === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace)
  if (found.metadata.deletionTimestamp === undefined) return
  throw forbidden(type, name, `unable to create new content in namespace ${namespace} because it is being terminated`, {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  })
}

function nameFor(cluster: Cluster, resource: string, namespace: string | undefined, body: KubeObject): string {
  const prefix = body.metadata['generateName']
  if (body.metadata.name !== '' || typeof prefix !== 'string' || prefix === '') return body.metadata.name
  let name = generatedName(prefix)
  for (let tries = 1; tries < GENERATE_TRIES && cluster.store.get(resource, namespace, name) !== undefined; tries++) {
    name = generatedName(prefix)
  }
  return name
}
