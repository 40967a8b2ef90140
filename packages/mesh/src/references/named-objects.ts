import type { KindId, KubeResource } from '@meshdeck/kube'
import { fullHost, hostCovers } from '../analysis/hosts.ts'
import { entries, fields, text } from '../analysis/read.ts'
import { registryOf } from '../analysis/registry.ts'
import type { World } from '../analysis/world.ts'
import { asReferred, type ReferencePart, type Target } from './reference.ts'

/** Finds what names in configuration mean, as istiod would; what is not there is no reference. */
export interface Finder {
  /** An object of the configuring cluster. */
  object(kind: KindId, namespace: string, name: string, path: string, part?: [ReferencePart, string]): Target[]
  /** Services and ServiceEntries of a host, as a namespace sees it; a wildcard means all that it covers. */
  host(host: string, from: string, path: string): Target[]
  /** DestinationRules that define a subset of a host. */
  subset(host: string, subset: string, from: string, path: string): Target[]
}

export function createFinder(world: World): Finder {
  const byName = (kind: KindId): ReadonlyMap<string, KubeResource> =>
    world.derive(`named-${kind}`, [kind], () => {
      const all = world.all(kind)
      return new Map(all.map((object) => [`${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]))
    })
  const rulesByHost = (): ReadonlyMap<string, readonly KubeResource[]> =>
    world.derive('rules-by-host', ['DestinationRule'], () =>
      Map.groupBy(world.all('DestinationRule'), (object) =>
        fullHost(text(fields(object.spec)['host']), object.metadata.namespace ?? ''),
      ),
    )
  return {
    object(kind, namespace, name, path, part) {
      const found = byName(kind).get(`${namespace}/${name}`)
      if (found === undefined) return []
      const [what, own] = part ?? ['object', '']
      return [{ to: asReferred(world.cluster, kind, found), path, part: what, ...(own === '' ? {} : { name: own }) }]
    },
    host(host, from, path) {
      const full = fullHost(host, from)
      if (full === '' || full === '*') return []
      const registry = registryOf(world)
      const found = full.startsWith('*')
        ? registry.all.filter((each) => hostCovers(full, each.host))
        : registry.covering(full, from)
      const own = new Map(
        found.map((each) => {
          const to = asReferred(each.cluster, each.kind, each.object)
          return [`${to.cluster} ${to.kind} ${to.namespace}/${to.name}`, to]
        }),
      )
      return [...own.values()].map((to) => ({ to, path, part: 'object' as const }))
    },
    subset(host, subset, from, path) {
      if (subset === '') return []
      return (rulesByHost().get(fullHost(host, from)) ?? [])
        .filter((rule) => entries(fields(rule.spec)['subsets']).some(({ value }) => text(value['name']) === subset))
        .map((rule) => ({
          to: asReferred(world.cluster, 'DestinationRule', rule),
          path,
          part: 'subset' as const,
          name: subset,
        }))
    },
  }
}
