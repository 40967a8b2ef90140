import type { ControllerContext } from '../controllers/controller-context.ts'
import { controlledBy, controllerOf } from '../controllers/controller-context.ts'
import { listAt, numberAt, recordAt, sameJson, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { isTrue, ReconcileError, writeStatus } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { DEFAULT_VERSION, knownVersions, resolveVersion } from './versions.ts'

export const ISTIOS = 'sailoperator.io/istios'
export const REVISIONS = 'sailoperator.io/istiorevisions'
const GRACE_SECONDS = 30

/** Name of the revision that an Istio wants now: its own, or one for each version. */
export function activeRevisionOf(istio: KubeObject): string {
  const { name } = istio.metadata
  if (textAt(istio, 'spec', 'updateStrategy', 'type') !== 'RevisionBased') return name
  const version = resolveVersion(versionOf(istio)) ?? versionOf(istio).replace(/^v/, '')
  return `${name}-v${version.replaceAll('.', '-')}`
}

/**
 * Makes the revision that an Istio asks for, lets go of older ones that nobody has used for a while, and tells how it goes.
 *
 * @param again looks at the Istio once more after so many milliseconds.
 */
export function reconcileIstio(context: ControllerContext, istio: KubeObject, again: (delayMs: number) => void): void {
  const { name } = istio.metadata
  const active = activeRevisionOf(istio)
  let reconciled: Condition = { type: 'Reconciled', status: 'True' }
  try {
    applyRevision(context, istio, active)
    prune(context, istio, active, again)
  } catch (error) {
    if (!(error instanceof ReconcileError)) throw error
    reconciled = { type: 'Reconciled', status: 'False', reason: error.reason, message: error.message }
  }
  const revisions = revisionsOf(context, istio)
  const own = revisions.find((revision) => revision.metadata.name === active)
  const ofActive = (type: string): Condition | undefined => {
    const found = listAt(own, 'status', 'conditions').find((condition) => textAt(condition, 'type') === type)
    return found === undefined
      ? undefined
      : {
          type,
          status: (textAt(found, 'status') ?? 'Unknown') as Condition['status'],
          ...texts(found, 'reason', 'message'),
        }
  }
  const missing: Condition = {
    type: 'Ready',
    status: 'False',
    reason: 'ActiveRevisionNotFound',
    message: `there is no IstioRevision ${active} yet`,
  }
  const count = (type: string): number => revisions.filter((revision) => isTrue(revision, type)).length
  writeStatus(
    context,
    ISTIOS,
    name,
    [
      reconciled,
      ofActive('Ready') ?? missing,
      ...[ofActive('DependenciesHealthy')].filter((each) => each !== undefined),
    ],
    {
      activeRevisionName: active,
      revisions: { total: revisions.length, ready: count('Ready'), inUse: count('InUse') },
    },
  )
}

function applyRevision({ api }: ControllerContext, istio: KubeObject, name: string): void {
  const version = versionOf(istio)
  const resolved = resolveVersion(version)
  if (resolved === undefined) {
    throw new ReconcileError(`spec.version: ${version} is not one of the versions here; there are ${knownVersions()}`)
  }
  const namespace = textAt(istio, 'spec', 'namespace') ?? 'istio-system'
  if (api.get('namespaces', undefined, namespace) === undefined) {
    throw new ReconcileError(`spec.namespace: namespace ${namespace} does not exist; create it first`)
  }
  const values = recordAt(istio, 'spec', 'values')
  const spec = {
    version: `v${resolved}`,
    namespace,
    values: {
      ...values,
      ...(textAt(istio, 'spec', 'profile') === 'remote'
        ? { istiodRemote: { ...recordAt(values, 'istiodRemote'), enabled: true } }
        : {}),
      ...(name === 'default' ? {} : { revision: name }),
      global: { ...recordAt(values, 'global'), istioNamespace: namespace },
    },
  }
  const found = api.get(REVISIONS, undefined, name)
  if (found === undefined) {
    api.create(REVISIONS, {
      apiVersion: 'sailoperator.io/v1',
      kind: 'IstioRevision',
      metadata: { name, ownerReferences: [controlledBy(istio)] },
      spec,
    })
  } else if (controllerOf(found, 'Istio')?.uid !== istio.metadata.uid) {
    throw new ReconcileError(`IstioRevision ${name} is there already and belongs to somebody else`)
  } else if (!sameJson(found.spec, spec)) api.update(REVISIONS, { ...found, spec })
}

/** Older revisions go when nothing has used them for the grace period; what is not known to be unused stays. */
function prune(context: ControllerContext, istio: KubeObject, active: string, again: (delayMs: number) => void): void {
  const { api, clock } = context
  const grace = numberAt(istio, 'spec', 'updateStrategy', 'inactiveRevisionDeletionGracePeriodSeconds') ?? GRACE_SECONDS
  for (const revision of revisionsOf(context, istio)) {
    if (revision.metadata.name === active || revision.metadata.deletionTimestamp !== undefined) continue
    const inUse = listAt(revision, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'InUse')
    if (textAt(inUse, 'status') !== 'False') continue
    const due = Date.parse(textAt(inUse, 'lastTransitionTime') ?? '') + grace * 1_000
    if (clock.now() >= due) api.delete(REVISIONS, undefined, revision.metadata.name)
    else again(due - clock.now())
  }
}

function revisionsOf({ api }: ControllerContext, istio: KubeObject): readonly KubeObject[] {
  return api
    .dependents(istio.metadata.uid ?? '')
    .flatMap(({ resource, object }) => (resource === REVISIONS ? [object] : []))
}

function versionOf(istio: KubeObject): string {
  return textAt(istio, 'spec', 'version') ?? DEFAULT_VERSION
}

function texts(value: unknown, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = textAt(value, name)
      return text === undefined ? [] : [[name, text] as const]
    }),
  )
}
