import { parse } from 'yaml'
import { isRecord, listAt, numberAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ClusterApi } from '../store/cluster-api.ts'

/** A cluster of the sandbox, as the istiod of another one may come to it. */
export interface Peer {
  readonly name: string
  /** Address of its API server. */
  readonly server: string
  readonly api: ClusterApi
}

/** All clusters of the sandbox; they come one after the other. */
export type Peers = () => readonly Peer[]

const REMOTE_SECRET = 'istio/multiCluster'

/** The clusters that an istiod was given kubeconfigs of. Source: https://istio.io/latest/docs/setup/install/multicluster/ */
export function remotesOf(api: ClusterApi, peers: Peers): readonly Peer[] {
  return api
    .list('secrets')
    .filter(({ metadata }) => metadata.labels?.[REMOTE_SECRET] === 'true')
    .flatMap(serversIn)
    .flatMap((server) => peers().filter((peer) => peer.server === server && peer.api !== api))
}

/** The cluster whose istiod serves another one's pods. */
export function primaryOf(api: ClusterApi, peers: Peers): Peer | undefined {
  return peers().find(
    (peer) =>
      peer.api !== api && runsIstiod(peer.api) && remotesOf(peer.api, peers).some((remote) => remote.api === api),
  )
}

export function runsIstiod(api: ClusterApi): boolean {
  return api
    .list('apps/deployments')
    .some(
      (deployment) =>
        deployment.metadata.labels?.['app'] === 'istiod' && (numberAt(deployment, 'status', 'readyReplicas') ?? 0) > 0,
    )
}

function serversIn(secret: KubeObject): readonly string[] {
  const data = secret['data']
  if (!isRecord(data)) return []
  return Object.values(data).flatMap((value) => {
    const kubeconfig = read(String(value))
    return listAt(kubeconfig, 'clusters').flatMap((cluster) => textAt(cluster, 'cluster', 'server') ?? [])
  })
}

/** What cannot be read is no kubeconfig, and istiod only complains of it in its log. */
function read(encoded: string): unknown {
  try {
    return parse(Buffer.from(encoded, 'base64').toString('utf8'))
  } catch {
    return undefined
  }
}
