import type { KubeResource } from '@meshdeck/kube'
import { entries, fields, labelsIn, text } from './read.ts'
import type { World } from './world.ts'

/** Kinds of the Gateway API that send to Services. */
export const SERVICE_ROUTES = ['HTTPRoute', 'GRPCRoute'] as const

/** The one version that a service selects; absent when it selects all. */
export const versionSelectedBy = (service: KubeResource): string | undefined =>
  labelsIn(fields(service.spec)['selector'])['version']

/**
 * Tells services that stand for one version because routes of the Gateway API send to them: it has no subsets, so each
 * version needs one.
 */
export function versionServices(world: World): (service: KubeResource) => boolean {
  const routed = world.derive('routed-services', SERVICE_ROUTES, () => {
    const rules = SERVICE_ROUTES.flatMap((kind) =>
      world
        .all(kind)
        .flatMap(({ metadata, spec }) =>
          entries(fields(spec)['rules']).map(({ value }) => ({ value, namespace: metadata.namespace ?? '' })),
        ),
    )
    return new Set(
      rules.flatMap(({ value, namespace }) =>
        entries(value['backendRefs']).map(
          ({ value: ref }) => `${text(ref['namespace']) || namespace}/${text(ref['name'])}`,
        ),
      ),
    )
  })
  return (service) =>
    versionSelectedBy(service) !== undefined &&
    routed.has(`${service.metadata.namespace ?? ''}/${service.metadata.name}`)
}
