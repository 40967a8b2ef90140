import { controlledBy, type ControllerContext } from '../controllers/controller-context.ts'
import { isRecord, sameJson } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'

/** Who sets this on an object keeps the operator from putting it back. */
const IGNORE = 'sailoperator.io/ignore'
const PLURALS: Readonly<Record<string, string>> = {
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  ConfigMap: 'configmaps',
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  EndpointSlice: 'endpointslices',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
  Service: 'services',
  ServiceAccount: 'serviceaccounts',
  ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
}

/** Makes the objects of an owner what they should be, and deletes those of its that should not be there any longer. */
export function applyOwned({ api }: ControllerContext, owner: KubeObject, wanted: readonly KubeObject[]): void {
  const kept = new Set<string>()
  for (const object of wanted) {
    const resource = resourceOf(object)
    const { namespace, name } = object.metadata
    kept.add(`${resource} ${namespace ?? ''}/${name}`)
    const found = api.get(resource, namespace, name)
    const owned = { ...object, metadata: { ...object.metadata, ownerReferences: [controlledBy(owner)] } }
    if (found === undefined) api.create(resource, owned)
    else if (found.metadata.annotations?.[IGNORE] !== 'true' && !covers(found, owned)) {
      api.update(resource, overlay(found, owned))
    }
  }
  for (const { resource, object } of api.dependents(owner.metadata.uid ?? '')) {
    const { namespace, name } = object.metadata
    if (
      !kept.has(`${resource} ${namespace ?? ''}/${name}`) &&
      Object.values(PLURALS).some((plural) => isOf(resource, plural))
    )
      api.delete(resource, namespace, name)
  }
}

function isOf(resource: ResourceKey, plural: string): boolean {
  return resource === plural || resource.endsWith(`/${plural}`)
}

function resourceOf({ apiVersion, kind }: KubeObject): ResourceKey {
  const slash = apiVersion.lastIndexOf('/')
  return resourceKey(slash < 0 ? '' : apiVersion.slice(0, slash), PLURALS[kind] ?? '')
}

/** Whether an object says all that is wanted; what the server has added is no difference. */
function covers(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(found) &&
      found.length === wanted.length &&
      wanted.every((item, index) => covers(found[index], item))
    )
  }
  if (!isRecord(wanted)) return sameJson(found, wanted)
  return (
    isRecord(found) &&
    Object.entries(wanted).every(([name, value]) => value === undefined || covers(found[name], value))
  )
}

function overlay(found: KubeObject, wanted: KubeObject): KubeObject {
  const { labels, annotations, ownerReferences } = wanted.metadata
  return {
    ...found,
    ...wanted,
    metadata: {
      ...found.metadata,
      labels: { ...found.metadata.labels, ...labels },
      annotations: { ...found.metadata.annotations, ...annotations },
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
    },
    ...(found.status === undefined ? {} : { status: found.status }),
    ...(isRecord(found.spec) && isRecord(wanted.spec) ? { spec: { ...found.spec, ...wanted.spec } } : {}),
  }
}
