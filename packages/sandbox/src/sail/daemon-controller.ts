import type { ControllerContext } from '../controllers/controller-context.ts'
import { numberAt, recordAt, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { ReconcileError, writeStatus } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { applyOwned } from './owned-objects.ts'
import { knownVersions, resolveVersion } from './versions.ts'

export const CNIS = 'sailoperator.io/istiocnis'
export const ZTUNNELS = 'sailoperator.io/ztunnels'

interface Daemon {
  readonly resource: ResourceKey
  /** Of the DaemonSet, its account and its `app` label. */
  readonly name: string
  readonly container: string
  readonly image: string
  readonly namespace: string
}

export const CNI: Daemon = {
  resource: CNIS,
  name: 'istio-cni-node',
  container: 'install-cni',
  image: 'install-cni',
  namespace: 'istio-cni',
}
export const ZTUNNEL: Daemon = {
  resource: ZTUNNELS,
  name: 'ztunnel',
  container: 'istio-proxy',
  image: 'ztunnel',
  namespace: 'ztunnel',
}

/** Runs Istio's part on every node, and tells whether it does. */
export function reconcileDaemon(context: ControllerContext, daemon: Daemon, object: KubeObject): void {
  let reconciled: Condition = { type: 'Reconciled', status: 'True' }
  const namespace = textAt(object, 'spec', 'namespace') ?? daemon.namespace
  try {
    applyOwned(context, object, daemonObjects(context, daemon, object, namespace))
  } catch (error) {
    if (!(error instanceof ReconcileError)) throw error
    reconciled = { type: 'Reconciled', status: 'False', reason: error.reason, message: error.message }
  }
  const set = context.api.get('apps/daemonsets', namespace, daemon.name)
  const desired = numberAt(set, 'status', 'desiredNumberScheduled') ?? 0
  const ready = numberAt(set, 'status', 'numberReady') ?? 0
  const isReady = set !== undefined && desired > 0 && ready >= desired
  writeStatus(context, daemon.resource, object.metadata.name, [
    reconciled,
    isReady
      ? { type: 'Ready', status: 'True' }
      : {
          type: 'Ready',
          status: 'False',
          reason: 'DaemonSetNotReady',
          message: `${ready} of ${desired} pods of ${daemon.name} are ready`,
        },
  ])
}

/** @throws ReconcileError */
function daemonObjects(
  { api }: ControllerContext,
  { name, container, image }: Daemon,
  object: KubeObject,
  namespace: string,
): readonly KubeObject[] {
  const asked = textAt(object, 'spec', 'version') ?? ''
  const version = resolveVersion(asked)
  if (version === undefined) {
    throw new ReconcileError(`spec.version: ${asked} is not one of the versions here; there are ${knownVersions()}`)
  }
  if (api.get('namespaces', undefined, namespace) === undefined) {
    throw new ReconcileError(`spec.namespace: namespace ${namespace} does not exist; create it first`)
  }
  const global = recordAt(object, 'spec', 'values', 'global')
  const hub = textAt(global, 'hub') ?? 'docker.io/istio'
  const tag = textAt(global, 'tag') ?? version
  const labels = {
    'k8s-app': name,
    'app.kubernetes.io/managed-by': 'sail-operator',
    'app.kubernetes.io/version': version,
  }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: { 'k8s-app': name } },
        template: {
          metadata: { labels: { app: name, ...labels, 'sidecar.istio.io/inject': 'false' } },
          spec: {
            serviceAccountName: name,
            tolerations: [{ operator: 'Exists' }],
            containers: [{ name: container, image: `${hub}/${image}:${tag}` }],
          },
        },
      },
    },
  ]
}
