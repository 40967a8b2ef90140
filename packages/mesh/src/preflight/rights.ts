import { kindOf, type KindId, type Mesh } from '@meshdeck/kube'
import type { Place } from '../install/place.ts'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'

/** A right as an access review asks for it; without a namespace it is wanted everywhere. */
export interface Right {
  verb: string
  group: string
  resource: string
}

/** Whoever has this has every right. */
export const EVERY_RIGHT: Right = { verb: '*', group: '*', resource: '*' }

const APPLY = ['get', 'create', 'patch'] as const
const KEEP = [...APPLY, 'list', 'delete'] as const

/** What Istio's charts hold, besides the kinds that Meshdeck knows. Source: https://github.com/istio/istio/tree/master/manifests/charts */
const IN_CHARTS: readonly (readonly [group: string, resource: string])[] = [
  ['', 'configmaps'],
  ['', 'serviceaccounts'],
  ['', 'services'],
  ['apps', 'deployments'],
  ['policy', 'poddisruptionbudgets'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['rbac.authorization.k8s.io', 'roles'],
  ['rbac.authorization.k8s.io', 'rolebindings'],
  ['rbac.authorization.k8s.io', 'clusterroles'],
  ['rbac.authorization.k8s.io', 'clusterrolebindings'],
  ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations'],
  ['admissionregistration.k8s.io', 'validatingwebhookconfigurations'],
  ['apiextensions.k8s.io', 'customresourcedefinitions'],
]

/** What the stored credential of a cluster must be allowed, so that the controller can do its part of a mesh there. */
export function neededRights(mesh: Mesh, { role }: Place, several: boolean): Right[] {
  const byHelm = mesh.spec.engine === 'Helm'
  const ambient = mesh.spec.dataPlane?.mode === 'Ambient'
  const kinds: KindId[] = [
    ...(byHelm ? [] : ['Istio' as const]),
    ...(ambient && !byHelm ? (['IstioCNI', 'ZTunnel'] as const) : []),
    ...(several ? (['Secret', 'Service', 'ServiceAccount', 'Deployment'] as const) : []),
    ...(several && role === 'primary' ? (['Gateway', 'VirtualService'] as const) : []),
    ...(mesh.spec.dataPlane?.discovery === 'Local' && role === 'primary' ? (['Sidecar'] as const) : []),
  ]
  const rights = [
    ...APPLY.map((verb) => ({ verb, group: '', resource: 'namespaces' })),
    ...kinds.flatMap((id) => rightsOn(KEEP, kindOf(id).group, kindOf(id).plural)),
    ...(byHelm
      ? [
          ...rightsOn([...KEEP, 'update'], '', 'secrets'),
          ...IN_CHARTS.flatMap(([group, resource]) => rightsOn(KEEP, group, resource)),
          ...(ambient ? rightsOn(KEEP, 'apps', 'daemonsets') : []),
          // Istio's roles say more than a plain installer may hold itself.
          { verb: 'escalate', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
          { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles' },
        ]
      : []),
  ]
  return [...new Map(rights.map((right) => [`${right.verb} ${printResource(right)}`, right])).values()]
}

const rightsOn = (verbs: readonly string[], group: string, resource: string): Right[] =>
  verbs.map((verb) => ({ verb, group, resource }))

/** `deployments.apps`. */
const printResource = ({ group, resource }: Right): string => (group === '' ? resource : `${resource}.${group}`)

/** Whether the controller may do its part; `missing` are those of `neededRights` that the credential lacks. */
export function rightsCheck(missing: Fact<readonly Right[]>): Check {
  return checkOf('rights', missing)
}

/** The same of the caller's own right to write the record of the mesh on the hub. */
export function ownRightsCheck(missing: Fact<readonly Right[]>): Check {
  return checkOf('ownRights', missing)
}

function checkOf(id: 'rights' | 'ownRights', missing: Fact<readonly Right[]>): Check {
  if (!isRead(missing)) return unreadCheck(id, missing.unread)
  if (missing.value.length === 0) return { id, level: 'ok', reason: 'all' }
  return {
    id,
    level: 'error',
    reason: 'missing',
    params: { count: missing.value.length },
    items: byResource(missing.value),
  }
}

/** `get, create, patch deployments.apps`: one line for each resource, since an installation wants many. */
function byResource(rights: readonly Right[]): string[] {
  const verbs = new Map<string, string[]>()
  for (const right of rights) {
    const name = printResource(right)
    verbs.set(name, [...(verbs.get(name) ?? []), right.verb])
  }
  return [...verbs].map(([name, all]) => `${all.join(', ')} ${name}`)
}
