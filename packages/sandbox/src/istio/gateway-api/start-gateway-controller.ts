import { timestamp } from '../../api/metadata.ts'
import type { ControllerContext } from '../../controllers/controller-context.ts'
import { listAt, numberAt, recordAt, sameJson, textAt, valueAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import { resourceKey } from '../../kube-object.ts'
import { injectionConfig } from '../injection-config.ts'
import { stamped } from './conditions.ts'
import { gatewayObjects, managedName } from './gateway-objects.ts'
import { gatewayStatus } from './gateway-status.ts'
import { GATEWAYS, GRANTS, GROUP } from './references.ts'
import { CONTROLLER, parentStatuses } from './route-status.ts'
import type { ParentStatus } from './route-status.ts'

const SETTLES_MS = 200
const CLASS_RESOURCE = `${GROUP}/gatewayclasses`
const ROUTES = ['httproutes', 'grpcroutes', 'tlsroutes', 'tcproutes'].map((plural) => resourceKey(GROUP, plural))
const WATCHED = ['services', 'secrets', 'namespaces', GATEWAYS, GRANTS, CLASS_RESOURCE, ...ROUTES]
const PLURALS: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  Deployment: 'apps/deployments',
  Service: 'services',
}

/** GatewayClasses of an istiod without ambient mode. */
const CLASSES = [
  { name: 'istio', controllerName: CONTROLLER, description: 'The default Istio GatewayClass' },
  {
    name: 'istio-remote',
    controllerName: 'istio.io/unmanaged-gateway',
    description: 'Remote to this cluster. Does not deploy or affect configuration.',
  },
]

/**
 * istiod's part of the Gateway API: its classes, what runs behind Gateways, and the statuses of Gateways and routes.
 *
 * @param runs whether there is an istiod.
 */
export function startGatewayController(context: ControllerContext, runs: () => boolean): () => void {
  const { api, queue } = context
  const isInstalled = (): boolean =>
    api.get('apiextensions.k8s.io/customresourcedefinitions', undefined, `gateways.${GROUP}`) !== undefined
  const look = (): void => {
    if (!runs() || !isInstalled()) return
    writeClasses(context)
    const gateways = api.list(GATEWAYS).filter(isOurs)
    for (const gateway of gateways) deploy(context, gateway)
    const attached = new Map<string, number>()
    for (const resource of ROUTES) {
      for (const route of api.list(resource)) {
        const parents = parentStatuses(api, route)
        for (const { listeners } of parents) {
          for (const { gateway, listener } of listeners) {
            const key = `${gateway}/${listener}`
            attached.set(key, (attached.get(key) ?? 0) + 1)
          }
        }
        writeRoute(context, resource, route, parents)
      }
    }
    for (const gateway of gateways) writeGateway(context, gateway, attached)
  }
  const lookSoon = (): void => queue.add('gateway api', look, SETTLES_MS)
  const stops = [...WATCHED, 'apps/deployments'].map((resource) => api.watch(resource, lookSoon))
  lookSoon()
  return () => {
    for (const stop of stops) stop()
  }
}

function isOurs(gateway: KubeObject): boolean {
  const name = textAt(gateway, 'spec', 'gatewayClassName') ?? ''
  return CLASSES.some((each) => each.name === name) && gateway.metadata.deletionTimestamp === undefined
}

function writeClasses({ api, clock }: ControllerContext): void {
  for (const { name, controllerName, description } of CLASSES) {
    const found =
      api.get(CLASS_RESOURCE, undefined, name) ??
      api.create(CLASS_RESOURCE, {
        apiVersion: `${GROUP}/v1`,
        kind: 'GatewayClass',
        metadata: { name },
        spec: { controllerName, description },
      })
    const accepted = {
      type: 'Accepted',
      status: 'True',
      reason: 'Accepted',
      message: 'Handled by Istio controller',
    } as const
    const conditions = stamped([accepted], found.status, found.metadata.generation, timestamp(clock.now()))
    if (!sameJson(found.status, { conditions })) api.updateStatus(CLASS_RESOURCE, { ...found, status: { conditions } })
  }
}

function deploy({ api }: ControllerContext, gateway: KubeObject): void {
  const name = managedName(gateway)
  if (name === undefined) return
  const { image } = injectionConfig(api, 'istio-system', 'default')
  for (const object of gatewayObjects(gateway, name, image)) {
    const resource = PLURALS[object.kind] ?? ''
    const { namespace } = object.metadata
    const found = api.get(resource, namespace, object.metadata.name)
    if (found === undefined) api.create(resource, object)
    else if (object.kind === 'Service' && !samePorts(found, object)) {
      api.update(resource, {
        ...found,
        spec: { ...recordAt(found, 'spec'), ports: listAt(object, 'spec', 'ports') },
      })
    }
  }
}

function samePorts(found: KubeObject, wanted: KubeObject): boolean {
  const ports = (object: KubeObject): unknown =>
    listAt(object, 'spec', 'ports').map((port) => [textAt(port, 'name'), numberAt(port, 'port')])
  return sameJson(ports(found), ports(wanted))
}

function writeGateway(
  { api, clock }: ControllerContext,
  gateway: KubeObject,
  attached: ReadonlyMap<string, number>,
): void {
  const { namespace = '', name, generation } = gateway.metadata
  const now = timestamp(clock.now())
  const { conditions, addresses, listeners } = gatewayStatus(api, gateway, managedName(gateway))
  const before = new Map(listAt(gateway, 'status', 'listeners').map((listener) => [textAt(listener, 'name'), listener]))
  const status = {
    ...(addresses.length === 0 ? {} : { addresses }),
    conditions: stamped(conditions, gateway.status, generation, now),
    listeners: listeners.map((listener) => ({
      ...listener,
      attachedRoutes: attached.get(`${namespace}/${name}/${listener.name}`) ?? 0,
      conditions: stamped(listener.conditions, before.get(listener.name), generation, now),
    })),
  }
  if (!sameJson(gateway.status, status)) api.updateStatus(GATEWAYS, { ...gateway, status })
}

/** Parents of other controllers stay as they are. */
function writeRoute(
  { api, clock }: ControllerContext,
  resource: string,
  route: KubeObject,
  parents: readonly ParentStatus[],
): void {
  const now = timestamp(clock.now())
  const before = listAt(route, 'status', 'parents')
  const others = before.filter((parent) => textAt(parent, 'controllerName') !== CONTROLLER)
  const own = parents.map(({ parentRef, conditions }) => {
    const old = before.find(
      (parent) => textAt(parent, 'controllerName') === CONTROLLER && sameJson(valueAt(parent, 'parentRef'), parentRef),
    )
    return {
      parentRef,
      controllerName: CONTROLLER,
      conditions: stamped(conditions, old, route.metadata.generation, now),
    }
  })
  const status = { parents: [...others, ...own] }
  if (!sameJson(route.status, status)) api.updateStatus(resource, { ...route, status })
}
