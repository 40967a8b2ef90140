import { PROXY_CONTAINER, readPath, type KubeResource } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'
import { readList } from './read-list.ts'

const SHOWN = 10

/**
 * Whether sidecars that run in a member go with the mesh's istiod: of its minor, or the one before.
 * Source: https://istio.io/latest/docs/releases/supported-releases/#control-planedata-plane-skew
 */
export function proxiesCheck(istio: string, pods: Fact<readonly KubeResource[]>): Check {
  if (!isRead(pods)) return unreadCheck('proxies', pods.unread)
  const counts = new Map<string, number>()
  for (const pod of pods.value) {
    const version = proxyVersion(pod)
    if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  const count = [...counts.values()].reduce((sum, each) => sum + each, 0)
  if (count === 0) return { id: 'proxies', level: 'ok', reason: 'none' }
  const minor = minorOf(istio)
  const apart = [...counts].filter(([version]) => {
    const ahead = minorOf(version)
    return minor === undefined || ahead === undefined || ahead > minor || minor - ahead > 1
  })
  const params = { count, istio }
  return apart.length === 0
    ? { id: 'proxies', level: 'ok', reason: 'fit', params }
    : {
        id: 'proxies',
        level: 'warning',
        reason: 'apart',
        params,
        items: apart.slice(0, SHOWN).map(([version, pods]) => `${version} (${pods})`),
      }
}

function proxyVersion(pod: KubeResource): string | undefined {
  const containers = [...readList(pod, 'spec.containers'), ...readList(pod, 'spec.initContainers')]
  const image = readPath(
    containers.find((each) => readPath(each, 'name') === PROXY_CONTAINER),
    'image',
  )
  return typeof image === 'string' ? /:(v?\d[^:/@]*)(?:@|$)/.exec(image)?.[1] : undefined
}

function minorOf(version: string): number | undefined {
  const found = /^v?1\.(\d+)/.exec(version)
  return found === null ? undefined : Number(found[1])
}
