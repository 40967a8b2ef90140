import { serviceAccountOf } from './graph-objects.ts'
import type { GraphEdge, GraphWorkload, ServiceGraph, Target } from './graph.ts'

/** Which end of a call reports it. */
export type Reporter = 'source' | 'destination'

export type Labels = Readonly<Record<string, string>>

const UNKNOWN = 'unknown'

/** A workload of the graph, and whether a proxy is in its pods. */
export function findWorkload(graph: ServiceGraph, key: string): GraphWorkload & { readonly hasProxy: boolean } {
  const workload = graph.workloads.find(({ namespace, name }) => `${namespace}/${name}` === key)
  if (workload === undefined) throw new Error(`the graph has no workload ${key}`)
  const injected = graph.namespaces.some(({ name, injection }) => name === workload.namespace && injection)
  // A gateway that Istio installed is a proxy itself.
  return { ...workload, hasProxy: injected || workload.exists === true }
}

/** The labels that Istio's proxies put on all standard metrics of a call, without the outcome. */
export function labelsOf(graph: ServiceGraph, edge: GraphEdge, cluster: string, reporter: Reporter): Labels {
  const source = findWorkload(graph, edge.from)
  const destination = 'workload' in edge.to ? findWorkload(graph, edge.to.workload) : undefined
  // Only two proxies can speak mTLS, and only then do the ends know who the other is.
  const mutual = source.hasProxy && destination?.hasProxy === true
  const knowsSource = reporter === 'source' || mutual
  return {
    reporter,
    ...peerLabels('source', knowsSource ? source : undefined, cluster, mutual),
    ...peerLabels('destination', destination, cluster, mutual),
    ...serviceLabels(edge.to, destination),
    request_protocol: edge.protocol,
    connection_security_policy: reporter === 'source' ? UNKNOWN : mutual ? 'mutual_tls' : 'none',
  }
}

function peerLabels(
  side: 'source' | 'destination',
  peer: GraphWorkload | undefined,
  cluster: string,
  mutual: boolean,
): Labels {
  return {
    [`${side}_workload`]: peer?.name ?? UNKNOWN,
    [`${side}_workload_namespace`]: peer?.namespace ?? UNKNOWN,
    [`${side}_principal`]:
      peer !== undefined && mutual
        ? `spiffe://cluster.local/ns/${peer.namespace}/sa/${serviceAccountOf(peer)}`
        : UNKNOWN,
    [`${side}_app`]: peer?.app ?? UNKNOWN,
    [`${side}_version`]: peer?.version ?? UNKNOWN,
    [`${side}_cluster`]: peer === undefined ? UNKNOWN : cluster,
    [`${side}_canonical_service`]: peer?.app ?? UNKNOWN,
    [`${side}_canonical_revision`]: peer === undefined ? UNKNOWN : (peer.version ?? 'latest'),
  }
}

function serviceLabels(target: Target, destination: GraphWorkload | undefined): Labels {
  if (destination !== undefined) {
    return {
      destination_service: `${destination.app}.${destination.namespace}.svc.cluster.local`,
      destination_service_name: destination.app,
      destination_service_namespace: destination.namespace,
    }
  }
  if ('host' in target) {
    return {
      destination_service: target.host,
      destination_service_name: target.host,
      destination_service_namespace: target.declaredIn,
    }
  }
  return {
    destination_service: 'PassthroughCluster',
    destination_service_name: 'PassthroughCluster',
    destination_service_namespace: UNKNOWN,
  }
}
