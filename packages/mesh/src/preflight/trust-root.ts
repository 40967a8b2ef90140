import { isRecord, type KubeResource } from '@meshdeck/kube'
import { isRead, unreadCheck, type Check, type Fact } from './check.ts'

/** ConfigMap that istiod puts into every namespace: the root that sidecars there trust. */
export const ROOT_CONFIG_MAP = 'istio-ca-root-cert'

export interface TrustFacts {
  /** ConfigMaps of that name in the control plane's cluster and in the member. */
  ofMesh: Fact<readonly KubeResource[]>
  ofMember: Fact<readonly KubeResource[]>
}

/** Whether what runs in a member trusts the mesh's root already, or another one's. */
export function trustCheck({ ofMesh, ofMember }: TrustFacts): Check {
  if (!isRead(ofMember)) return unreadCheck('trust', ofMember.unread)
  if (rootsOf(ofMember.value).size === 0) return { id: 'trust', level: 'ok', reason: 'none' }
  if (!isRead(ofMesh)) return unreadCheck('trust', ofMesh.unread)
  const own = rootsOf(ofMesh.value)
  if (own.size === 0) return { id: 'trust', level: 'warning', reason: 'meshUnborn' }
  const strangers = ofMember.value.filter((each) => {
    const root = rootOf(each)
    return root !== undefined && !own.has(root)
  })
  return strangers.length === 0
    ? { id: 'trust', level: 'ok', reason: 'same' }
    : {
        id: 'trust',
        level: 'warning',
        reason: 'differs',
        params: { count: strangers.length },
        items: strangers.slice(0, 10).map(({ metadata }) => metadata.namespace ?? ''),
      }
}

const rootsOf = (configMaps: readonly KubeResource[]): Set<string> =>
  new Set(configMaps.flatMap((each) => rootOf(each) ?? []))

/** The PEM, without the blanks in which copies differ. */
function rootOf(configMap: KubeResource): string | undefined {
  const pem = isRecord(configMap['data']) ? configMap['data']['root-cert.pem'] : undefined
  return typeof pem === 'string' && pem.trim() !== '' ? pem.replace(/\s+/g, '') : undefined
}
