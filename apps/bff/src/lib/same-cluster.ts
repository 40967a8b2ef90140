import type { ConnectionTest } from '@meshdeck/contract'
import type { ClusterConnectionSpec } from '@meshdeck/kube-client'

type Step = ConnectionTest['steps'][number]
type Reached = Pick<ClusterConnectionSpec, 'server' | 'caData'>

/** What is known of a joined cluster: the uid of its kube-system, and what it was reached by so far. */
export interface KnownCluster {
  name: string
  uid?: string | undefined
  spec?: Reached | undefined
}

/**
 * Whether a credential reaches the cluster that is meant. The uid of kube-system tells clusters apart whatever they are
 * called; where it cannot be read, the same server or the same authority will do.
 */
export function judgeIdentity(known: KnownCluster, found: { uid: string | undefined; spec: Reached }): Step {
  if (known.uid !== undefined && found.uid !== undefined) {
    if (known.uid === found.uid)
      return { step: 'identity', result: 'ok', message: `The namespace kube-system has the same uid ${found.uid}` }
    const message = `This kubeconfig reaches another cluster: its namespace kube-system has the uid ${found.uid}, that of ${known.name} has ${known.uid}. Bring one of ${known.name}, or join the other cluster under a name of its own`
    return { step: 'identity', result: 'failed', code: 'other-cluster', message }
  }
  const sameServer = known.spec?.server === found.spec.server
  const sameAuthority = known.spec?.caData !== undefined && known.spec.caData === found.spec.caData
  if (sameServer || sameAuthority) {
    const what = sameServer ? 'server' : 'certificate authority'
    return { step: 'identity', result: 'ok', message: `It has the same ${what} as the present credential` }
  }
  const message = `It cannot be told whether this is ${known.name}: neither server nor certificate authority is that of the present credential. Let the new credential get the namespace kube-system`
  return { step: 'identity', result: 'failed', code: 'cluster-unknown', message }
}
