import type { PlannedHelmRelease, PlannedManifest, Problem } from '@meshdeck/contract'
import { isRecord, type HelmRelease, type KubeResource } from '@meshdeck/kube'
import { HelmError, type Helm, type ManifestClient } from '@meshdeck/kube-client'
import { isSame } from '@meshdeck/mesh'
import { mapBounded } from './bounded.ts'

/** Helm 4 writes under this name when it applies by the server. */
const FIELD_MANAGER = 'helm'
const AT_A_TIME = 8

export interface HelmPlanContext {
  cluster: string
  helm: Helm
  charts?: string
  /** Of the caller; it holds secrets. */
  kubeconfig: string
  manifests: ManifestClient
  problemOf: (error: unknown, cluster: string) => Problem
  signal: AbortSignal
}

/** What a release would make in a cluster, each object tried there as the caller. Writes nothing, and throws nothing of the cluster's. */
export async function planRelease(context: HelmPlanContext, release: HelmRelease): Promise<PlannedHelmRelease> {
  const { cluster, helm, kubeconfig, signal, charts } = context
  const { name, namespace } = release
  const place = { cluster, name, namespace }
  try {
    const options = { kubeconfig, signal, ...(charts === undefined ? {} : { charts }) }
    const { revision, objects } = await helm.preview(release, options)
    return {
      ...place,
      revision,
      objects: await mapBounded(objects, AT_A_TIME, (object) => planManifest(context, object)),
    }
  } catch (error) {
    if (error instanceof HelmError) return { ...place, refusal: error.message, objects: [] }
    return { ...place, problem: context.problemOf(error, cluster), objects: [] }
  }
}

async function planManifest(
  { manifests, problemOf, cluster }: HelmPlanContext,
  object: KubeResource,
): Promise<PlannedManifest> {
  const { apiVersion, kind, metadata } = object
  const { name, namespace } = metadata
  const what = { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }
  let before: KubeResource | undefined
  try {
    before = await manifests.find(object)
    const after = await manifests.tryApply(object, FIELD_MANAGER)
    if (before === undefined)
      return { ...what, outcome: after === undefined ? 'later' : 'create', after: plain(object) }
    const sides = { before: plain(before), after: plain(after ?? object) }
    return { ...what, outcome: isSame(sides.before, sides.after) ? 'same' : 'change', ...sides }
  } catch (error) {
    const { code, status, detail, title } = problemOf(error, cluster)
    if (status >= 500) throw error
    return {
      ...what,
      outcome: code === 'forbidden' ? 'forbidden' : 'refused',
      message: detail ?? title,
      ...(before === undefined ? {} : { before: plain(before) }),
      after: plain(object),
    }
  }
}

/** Without what the server keeps for itself, and without the schemas of definitions, which nobody reads in a plan. */
function plain({ metadata, ...object }: KubeResource): KubeResource {
  const {
    managedFields: _managedFields,
    uid: _uid,
    resourceVersion: _resourceVersion,
    generation: _generation,
    creationTimestamp: _creationTimestamp,
    ...said
  } = metadata
  const { status: _status, ...rest } = object
  if (object.kind !== 'CustomResourceDefinition' || !isRecord(rest.spec)) return { ...rest, metadata: said }
  const { versions, ...spec } = rest.spec
  const named = Array.isArray(versions) ? versions.map((version: unknown) => withoutSchema(version)) : versions
  return { ...rest, metadata: said, spec: { ...spec, versions: named } }
}

function withoutSchema(version: unknown): unknown {
  if (!isRecord(version)) return version
  const { schema: _schema, ...rest } = version
  return rest
}
