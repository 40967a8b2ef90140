import { isRecord, listAt, numberAt, recordAt, sameJson, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ControllerContext } from './controller-context.ts'
import { controlledBy, reconcileEach } from './controller-context.ts'
import { isOver, isReady } from './replica-sets.ts'

const SLICES = 'discovery.k8s.io/endpointslices'
const MANAGED_BY = 'endpointslice-controller.k8s.io'
const ZONE = 'topology.kubernetes.io/zone'

/** Keeps the addresses behind Services, in an EndpointSlice of the Service's name. */
export function startEndpointSlices(context: ControllerContext): () => void {
  const { api } = context
  const { again, stop } = reconcileEach(context, 'endpointslice', 'services', (service) => reconcile(context, service))
  const stopPods = api.watch('pods', ({ type, object, previous }) => {
    // Only what an endpoint tells of a pod matters; a pod that merely gets a note does not.
    if (type === 'MODIFIED' && previous !== undefined && sameEndpoint(object, previous)) return
    for (const service of api.list('services', object.metadata.namespace)) {
      if (selects(service, object) || (previous !== undefined && selects(service, previous))) {
        again(service.metadata.namespace, service.metadata.name)
      }
    }
  })
  return () => {
    stop()
    stopPods()
  }
}

function reconcile(context: ControllerContext, service: KubeObject): void {
  const { api } = context
  const { name, namespace } = service.metadata
  if (!hasSelector(service) || service.metadata.deletionTimestamp !== undefined) return
  const pods = api
    .list('pods', namespace)
    .filter((pod) => selects(service, pod) && textAt(pod, 'status', 'podIP') !== undefined && !isOver(pod))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
  const found = api.get(SLICES, namespace, name)
  const slice: KubeObject = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    ...found,
    metadata: {
      ...found?.metadata,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...service.metadata.labels,
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': MANAGED_BY,
        ...(textAt(service, 'spec', 'clusterIP') === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
      },
      ownerReferences: [controlledBy(service)],
    },
    addressType: 'IPv4',
    endpoints: pods.map((pod) => endpointOf(context, pod)),
    ports: portsOf(service, pods[0]),
  }
  if (found === undefined) api.create(SLICES, slice)
  else if (!sameJson(found, slice)) api.update(SLICES, slice)
}

function endpointOf({ api }: ControllerContext, pod: KubeObject): Record<string, unknown> {
  const nodeName = textAt(pod, 'spec', 'nodeName')
  const zone = nodeName === undefined ? undefined : api.get('nodes', undefined, nodeName)?.metadata.labels?.[ZONE]
  const ready = isReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  return {
    addresses: [textAt(pod, 'status', 'podIP')],
    conditions: { ready: ready && !terminating, serving: ready, terminating },
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
    targetRef: { kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
  }
}

function portsOf(service: KubeObject, pod: KubeObject | undefined): Record<string, unknown>[] {
  const named = listAt(pod, 'spec', 'containers').flatMap((container) => listAt(container, 'ports'))
  return listAt(service, 'spec', 'ports')
    .filter(isRecord)
    .flatMap((port) => {
      const target = port['targetPort'] ?? port['port']
      const number =
        typeof target === 'number'
          ? target
          : numberAt(
              named.find((candidate) => textAt(candidate, 'name') === target),
              'containerPort',
            )
      if (number === undefined) return []
      const protocol = port['appProtocol']
      return [
        {
          name: textAt(port, 'name') ?? '',
          port: number,
          protocol: port['protocol'] ?? 'TCP',
          ...(protocol === undefined ? {} : { appProtocol: protocol }),
        },
      ]
    })
}

function hasSelector(service: KubeObject): boolean {
  return Object.keys(recordAt(service, 'spec', 'selector')).length > 0
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  if (!hasSelector(service)) return false
  return Object.entries(recordAt(service, 'spec', 'selector')).every(
    ([key, value]) => pod.metadata.labels?.[key] === value,
  )
}

function sameEndpoint(a: KubeObject, b: KubeObject): boolean {
  return (
    isReady(a) === isReady(b) &&
    textAt(a, 'status', 'podIP') === textAt(b, 'status', 'podIP') &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    sameJson(a.metadata.labels, b.metadata.labels)
  )
}
