import type { ControllerContext } from '../controllers/controller-context.ts'
import { istiodObjects } from '../fleets/istiod-objects.ts'
import { listAt, numberAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { isTrue, ReconcileError, writeStatus } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { CNIS, ZTUNNELS } from './daemon-controller.ts'
import { REVISIONS } from './istio-controller.ts'
import { applyOwned } from './owned-objects.ts'
import { TAGS } from './tag-controller.ts'
import { usedRevisions } from './usage.ts'
import { resolveVersion } from './versions.ts'

/** Installs the control plane of a revision, and tells whether it is ready, in use, and has what it needs on the nodes. */
export function reconcileRevision(context: ControllerContext, revision: KubeObject): void {
  const { name } = revision.metadata
  let reconciled: Condition = { type: 'Reconciled', status: 'True' }
  try {
    install(context, revision)
  } catch (error) {
    if (!(error instanceof ReconcileError)) throw error
    reconciled = { type: 'Reconciled', status: 'False', reason: error.reason, message: error.message }
  }
  const values = recordAt(revision, 'spec', 'values')
  const needs = [
    ...(recordAt(values, 'pilot', 'cni')['enabled'] === true || isAmbient(values)
      ? [dependency(context, CNIS, 'IstioCNI')]
      : []),
    ...(isAmbient(values) ? [dependency(context, ZTUNNELS, 'ZTunnel')] : []),
  ]
  writeStatus(context, REVISIONS, name, [
    reconciled,
    readiness(context, revision),
    needs.find(({ status }) => status !== 'True') ?? { type: 'DependenciesHealthy', status: 'True' },
    usage(context, name),
  ])
}

function install(context: ControllerContext, revision: KubeObject): void {
  const { api } = context
  const { name } = revision.metadata
  const version = resolveVersion(textAt(revision, 'spec', 'version') ?? '')
  const namespace = textAt(revision, 'spec', 'namespace') ?? ''
  if (version === undefined)
    throw new ReconcileError(`spec.version: ${textAt(revision, 'spec', 'version')} is not known`)
  if (api.get('namespaces', undefined, namespace) === undefined) {
    throw new ReconcileError(`spec.namespace: namespace ${namespace} does not exist; create it first`)
  }
  if (api.get(TAGS, undefined, name) !== undefined) {
    throw new ReconcileError(`an IstioRevisionTag has the name ${name} already`, 'NameAlreadyExists')
  }
  applyOwned(
    context,
    revision,
    istiodObjects({
      version,
      revision: name,
      namespace,
      values: recordAt(revision, 'spec', 'values'),
      managedBy: 'sail-operator',
    }),
  )
}

function readiness({ api }: ControllerContext, revision: KubeObject): Condition {
  const { name } = revision.metadata
  if (recordAt(revision, 'spec', 'values', 'istiodRemote')['enabled'] === true) return remoteReadiness(api, revision)
  const deployment = `istiod${name === 'default' ? '' : `-${name}`}`
  const found = api.get('apps/deployments', textAt(revision, 'spec', 'namespace'), deployment)
  const ready = numberAt(found, 'status', 'readyReplicas') ?? 0
  const wanted = numberAt(found, 'spec', 'replicas') ?? 1
  const updated = numberAt(found, 'status', 'updatedReplicas') ?? 0
  if (found !== undefined && ready >= wanted && updated >= wanted) return { type: 'Ready', status: 'True' }
  const message = found === undefined ? `there is no Deployment ${deployment}` : 'not all istiod pods are ready'
  return { type: 'Ready', status: 'False', reason: 'IstiodNotReady', message }
}

/** The istiod of another cluster has put its root into the webhook, so it has come here and can be called. */
function remoteReadiness(api: ControllerContext['api'], revision: KubeObject): Condition {
  const injectors = api
    .dependents(revision.metadata.uid ?? '')
    .filter(({ object }) => object.kind === 'MutatingWebhookConfiguration')
  const isReached = injectors.some(({ object }) =>
    listAt(object, 'webhooks').every((webhook) => textAt(webhook, 'clientConfig', 'caBundle') !== undefined),
  )
  return isReached
    ? { type: 'Ready', status: 'True' }
    : {
        type: 'Ready',
        status: 'False',
        reason: 'RemoteIstiodNotReady',
        message: 'readiness probe on remote istiod failed: its root is not in the webhook yet',
      }
}

function usage({ api }: ControllerContext, name: string): Condition {
  const used = usedRevisions(api.list('namespaces'), api.list('pods'))
  const tagged = api.list(TAGS).some((tag) => textAt(tag, 'status', 'istioRevision') === name)
  return used.has(name) || tagged
    ? {
        type: 'InUse',
        status: 'True',
        reason: 'ReferencedByWorkloads',
        message: 'a pod, a namespace or a tag asks for it',
      }
    : {
        type: 'InUse',
        status: 'False',
        reason: 'NotReferencedByAnything',
        message: 'no pod, namespace or tag asks for it',
      }
}

function dependency({ api }: ControllerContext, resource: string, kind: string): Condition {
  const type = 'DependenciesHealthy'
  const found = api.get(resource, undefined, 'default')
  if (found === undefined) {
    return { type, status: 'False', reason: `${kind}NotFound`, message: `there is no ${kind} resource` }
  }
  return isTrue(found, 'Ready')
    ? { type, status: 'True' }
    : { type, status: 'False', reason: `${kind}NotHealthy`, message: `${kind} is not ready` }
}

function isAmbient(values: Record<string, unknown>): boolean {
  return (
    textAt(values, 'profile') === 'ambient' ||
    String(recordAt(values, 'pilot', 'env')['PILOT_ENABLE_AMBIENT']) === 'true'
  )
}
