import type { KindId } from '@meshdeck/kube'
import { wizardPlaces } from '../lib/wizard-places.ts'
import { places, type Place } from '../lib/places.ts'
import { serviceLevelPlaces } from '../lib/service-level-places.ts'
import { proxyPlaces } from '../lib/proxy-places.ts'

export interface MenuItem {
  /** i18n key below `menu.`. */
  id: string
  place: Place
  /** Where its pages begin, when that is not its own. */
  under?: string
}

export interface MenuGroup {
  /** i18n key below `menu.groups.`; the first group has no heading. */
  id: string | undefined
  items: readonly MenuItem[]
}

/** Kinds that have a menu item of their own; all others are reached through Configuration. */
const TRAFFIC: readonly KindId[] = ['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry']
const SECURITY: readonly KindId[] = ['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy']

/** The menu inside a mesh. Only what has a page stands here. */
export function meshMenu(mesh: string): readonly MenuGroup[] {
  const kinds = (ids: readonly KindId[]): MenuItem[] =>
    ids.map((kind) => ({ id: kind, place: places.kindList(mesh, kind) }))
  return [
    {
      id: undefined,
      items: [
        { id: 'overview', place: places.overview(mesh) },
        { id: 'topology', place: places.topology(mesh) },
        {
          id: 'monitoring',
          place: places.monitoring(mesh),
          under: places.monitoring(mesh).to.replace(/\/mesh$/, ''),
        },
        { id: 'serviceLevels', place: serviceLevelPlaces.list(mesh) },
        { id: 'services', place: places.services(mesh) },
      ],
    },
    {
      id: 'traffic',
      items: [
        ...kinds(TRAFFIC),
        { id: 'wizards', place: wizardPlaces.list(mesh) },
        { id: 'explain', place: places.explain(mesh) },
      ],
    },
    { id: 'security', items: kinds(SECURITY) },
    {
      id: 'operate',
      items: [
        {
          id: 'sidecars',
          place: places.sidecarNamespaces(mesh),
          under: places.sidecarNamespaces(mesh).to.replace(/\/namespaces$/, ''),
        },
        { id: 'proxies', place: proxyPlaces.list(mesh) },
        { id: 'findings', place: places.findings(mesh) },
        { id: 'history', place: places.history(mesh) },
        { id: 'clusters', place: places.meshClusters(mesh) },
        { id: 'configuration', place: places.istioResources(mesh) },
      ],
    },
  ]
}

/** The item under which a path lies; pages of kinds without an item belong to Configuration. */
export function currentItem(groups: readonly MenuGroup[], path: string): string | undefined {
  const items = groups.flatMap((group) => group.items)
  const direct = items.find(({ place, under = place.to }) => path === under || path.startsWith(`${under}/`))
  return direct?.id ?? (/^\/meshes\/[^/]+\/[^-/][^/]*/.test(path) ? 'configuration' : undefined)
}
