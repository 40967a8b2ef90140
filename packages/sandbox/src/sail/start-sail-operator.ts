import type { ControllerContext } from '../controllers/controller-context.ts'
import { reconcileEach } from '../controllers/controller-context.ts'
import { numberAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { CNI, CNIS, reconcileDaemon, ZTUNNEL, ZTUNNELS } from './daemon-controller.ts'
import { ISTIOS, reconcileIstio, REVISIONS } from './istio-controller.ts'
import { OPERATOR, OPERATOR_NAMESPACE } from './operator-objects.ts'
import { reconcileRevision } from './revision-controller.ts'
import { reconcileTag, TAGS } from './tag-controller.ts'

/** Others that a resource's status speaks of. Reading all pods for each change of one would be much for a large cluster. */
const SETTLES_MS = 500
const INJECTORS: ResourceKey = 'admissionregistration.k8s.io/mutatingwebhookconfigurations'
const WATCHED = [
  INJECTORS,
  'namespaces',
  'pods',
  'apps/deployments',
  'apps/daemonsets',
  REVISIONS,
  TAGS,
  CNIS,
  ZTUNNELS,
]
const KINDS: readonly ResourceKey[] = [CNIS, ZTUNNELS, REVISIONS, ISTIOS, TAGS]

/** The Sail Operator: acts on its five kinds for as long as a pod of its Deployment is ready. */
export function startSailOperator(context: ControllerContext): () => void {
  const { api, queue } = context
  const runs = (): boolean =>
    (numberAt(api.get('apps/deployments', OPERATOR_NAMESPACE, OPERATOR), 'status', 'readyReplicas') ?? 0) > 0
  const parts = new Map(
    KINDS.map((resource) => {
      const part = reconcileEach(context, `sail ${resource}`, resource, (object) => {
        if (runs()) reconcile(object)
      })
      return [resource, part] as const
    }),
  )

  function reconcile(object: KubeObject): void {
    const { name } = object.metadata
    if (object.metadata.deletionTimestamp !== undefined) return
    switch (object.kind) {
      case 'Istio':
        reconcileIstio(context, object, (delayMs) => parts.get(ISTIOS)?.again(undefined, name, delayMs))
        break
      case 'IstioRevision':
        reconcileRevision(context, object)
        break
      case 'IstioRevisionTag':
        reconcileTag(context, object)
        break
      case 'IstioCNI':
        reconcileDaemon(context, CNI, object)
        break
      case 'ZTunnel':
        reconcileDaemon(context, ZTUNNEL, object)
        break
    }
  }

  const lookAgain = (): void => {
    if (KINDS.every((resource) => api.list(resource).length === 0)) return
    queue.add(
      'sail all',
      () => {
        for (const resource of KINDS) {
          for (const { metadata } of api.list(resource)) parts.get(resource)?.again(undefined, metadata.name)
        }
      },
      SETTLES_MS,
    )
  }
  const stops = WATCHED.map((resource) => api.watch(resource, lookAgain))
  return () => {
    for (const stop of stops) stop()
    for (const { stop } of parts.values()) stop()
  }
}
