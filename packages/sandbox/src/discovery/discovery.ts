import { noSuchResource } from '../api/errors.ts'
import type { ResourceType } from '../api/resource-type.ts'
import type { TypeRegistry } from '../schema/type-registry.ts'

export const KUBERNETES_VERSION = 'v1.36.3'

/** What `/version` says. */
export function versionDocument(gitVersion: string): unknown {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? []
  return {
    major,
    minor,
    gitVersion,
    gitCommit: 'sandbox',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'none',
    compiler: 'none',
    platform: 'linux/amd64',
  }
}

/** Whether a client asks for all kinds in one document. Source: KEP-3352. */
export function wantsAggregated(accept: string | undefined): boolean {
  return (accept ?? '').includes('as=APIGroupDiscoveryList') && (accept ?? '').includes('v=v2')
}

export const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** `/api` or `/apis` in one document with all that they lead to. */
export function aggregatedDiscovery(types: TypeRegistry, root: 'api' | 'apis'): unknown {
  const groups = groupsOf(types).filter(([group]) => (group === '') === (root === 'api'))
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        resources: typesIn(types, group, version).map((type) => ({
          resource: type.plural,
          responseKind: { group: type.group, version: type.version, kind: type.kind },
          scope: type.namespaced ? 'Namespaced' : 'Cluster',
          singularResource: type.singular,
          verbs: type.verbs,
          ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
          ...(type.categories.length > 0 ? { categories: type.categories } : {}),
          subresources: type.subresources.map((subresource) => ({
            subresource,
            responseKind: subresourceKind(type, subresource),
            verbs: subresourceVerbs(subresource),
          })),
        })),
        freshness: 'Current',
      })),
    })),
  }
}

/** The documents of `/api`, `/apis`, `/apis/GROUP`, `/api/v1` and `/apis/GROUP/VERSION`. @throws StatusError 404 */
export function legacyDiscovery(types: TypeRegistry, path: string): unknown {
  const [root, ...rest] = path.split('/').filter((part) => part !== '')
  if (root === 'api') {
    const [version, ...more] = rest
    if (version === undefined) return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
    if (version === 'v1' && more.length === 0) return resourceList(types, '', version)
    throw noSuchResource()
  }
  const [group, version, ...more] = rest
  if (group === undefined) {
    const groups = groupsOf(types).filter(([name]) => name !== '')
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groups.map(([name, versions]) => groupDocument(name, versions)),
    }
  }
  const versions = groupsOf(types).find(([name]) => name === group)?.[1]
  if (versions === undefined || more.length > 0) throw noSuchResource()
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group, versions) }
  if (!versions.includes(version)) throw noSuchResource()
  return resourceList(types, group, version)
}

/** Groups with their served versions, the preferred one first. */
export function groupsOf(types: TypeRegistry): [string, string[]][] {
  const groups = new Map<string, Set<string>>()
  for (const type of types.all()) {
    const versions = groups.get(type.group) ?? new Set()
    groups.set(type.group, versions.add(type.version))
  }
  return [...groups].map(([group, versions]) => [group, [...versions].toSorted(byStability)])
}

/** `v1` before `v2beta1` before `v1alpha3`. Source: k8s.io/apimachinery/pkg/version. */
function byStability(a: string, b: string): number {
  const rank = (version: string): [number, number, number] => {
    const [, major = '0', stage, minor = '0'] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? []
    return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor)]
  }
  const [x, y] = [rank(a), rank(b)]
  return y[0] - x[0] || y[1] - x[1] || y[2] - x[2]
}

function groupDocument(name: string, versions: readonly string[]): Record<string, unknown> {
  const all = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: all, preferredVersion: all[0] }
}

function resourceList(types: TypeRegistry, group: string, version: string): unknown {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: typesIn(types, group, version).flatMap((type) => [
      {
        name: type.plural,
        singularName: type.singular,
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: type.verbs,
        ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
        ...(type.categories.length > 0 ? { categories: type.categories } : {}),
      },
      ...type.subresources.map((subresource) => ({
        name: `${type.plural}/${subresource}`,
        singularName: '',
        namespaced: type.namespaced,
        ...subresourceKind(type, subresource),
        verbs: subresourceVerbs(subresource),
      })),
    ]),
  }
}

function typesIn(types: TypeRegistry, group: string, version: string): readonly ResourceType[] {
  return types.all().filter((type) => type.group === group && type.version === version)
}

function subresourceKind(type: ResourceType, subresource: string): { group: string; version: string; kind: string } {
  switch (subresource) {
    case 'scale':
      return { group: 'autoscaling', version: 'v1', kind: 'Scale' }
    case 'portforward':
      return { group: '', version: 'v1', kind: 'PodPortForwardOptions' }
    case 'eviction':
      return { group: 'policy', version: 'v1', kind: 'Eviction' }
    case 'token':
      return { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }
    default:
      return { group: type.group, version: type.version, kind: type.kind }
  }
}

function subresourceVerbs(subresource: string): readonly string[] {
  switch (subresource) {
    case 'log':
      return ['get']
    case 'portforward':
      return ['create', 'get']
    case 'eviction':
    case 'token':
      return ['create']
    case 'finalize':
      return ['update']
    default:
      return ['get', 'patch', 'update']
  }
}
