import { MANAGED_BY_LABEL, type KubeResource, type MeshEngine } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'

export interface DefinitionFacts {
  engine: MeshEngine
  /** Release that the chart `base` becomes. */
  release: { namespace: string; name: string }
  definitions: Fact<readonly KubeResource[]>
}

/**
 * Whether Istio's own definitions are somebody else's. Helm takes over nothing that another release has, or none; the
 * operator brings them itself, and only minds that others may take them away.
 * Source: https://helm.sh/docs/topics/charts_tips_and_tricks/ and Helm's check of `meta.helm.sh/release-name`.
 */
export function definitionsCheck({ engine, release, definitions }: DefinitionFacts): Check {
  if (!isRead(definitions)) return unreadCheck('definitions', definitions.unread)
  const ofIstio = definitions.value.filter(({ metadata }) => metadata.name.endsWith('.istio.io'))
  if (ofIstio.length === 0) return { id: 'definitions', level: 'ok', reason: 'none' }
  const ours = `Helm ${release.namespace}/${release.name}`
  const owners = new Map<string, number>()
  for (const each of ofIstio) {
    const owner = ownerOf(each)
    if (engine !== 'Helm' || owner !== ours) owners.set(owner, (owners.get(owner) ?? 0) + 1)
  }
  const params = { count: ofIstio.length }
  const others = [...owners].filter(([owner]) => owner !== '')
  const items = others.map(([owner, count]) => `${owner} (${count})`)
  if (engine === 'Helm') {
    if (owners.size === 0) return { id: 'definitions', level: 'ok', reason: 'ours', params }
    if (others.length > 0) return { id: 'definitions', level: 'error', reason: 'otherOwner', params, items }
    return { id: 'definitions', level: 'error', reason: 'noOwner', params: { count: owners.get('') ?? 0 } }
  }
  const strangers = others.filter(([owner]) => !/sail-operator|servicemesh|olm/i.test(owner))
  return strangers.length === 0
    ? { id: 'definitions', level: 'ok', reason: 'there', params }
    : { id: 'definitions', level: 'warning', reason: 'shared', params, items }
}

/** `Helm NAMESPACE/NAME`, the manager that a label names, or nothing. */
function ownerOf({ metadata }: KubeResource): string {
  const { labels = {}, annotations = {} } = metadata
  const name = annotations['meta.helm.sh/release-name']
  if (name !== undefined) return `Helm ${annotations['meta.helm.sh/release-namespace'] ?? ''}/${name}`
  if (Object.keys(labels).some((key) => key.startsWith('olm.') || key.startsWith('operators.coreos.com/'))) return 'OLM'
  const manager = labels['argocd.argoproj.io/instance'] ?? labels['kustomize.toolkit.fluxcd.io/name']
  return manager ?? labels[MANAGED_BY_LABEL] ?? ''
}
