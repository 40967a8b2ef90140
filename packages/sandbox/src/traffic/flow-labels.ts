import type { Labels } from '../promql/series-source.ts'
import type { Flow } from './resolve-flows.ts'
import type { RunningWorkload } from './workloads.ts'

export type Reporter = 'source' | 'destination'

const UNKNOWN = 'unknown'
const CANONICAL_NAME = 'service.istio.io/canonical-name'
const CANONICAL_REVISION = 'service.istio.io/canonical-revision'
/** Labels of a pod that the labels of its metrics are made from. */
const PEER_LABELS = [CANONICAL_NAME, CANONICAL_REVISION, 'app', 'version']

/** Who reports a flow: each end that has a proxy, the server's only for what reached it. */
export function reportersOf({ from, to, arrived }: Flow): readonly Reporter[] {
  return [
    ...(from.hasProxy ? (['source'] as const) : []),
    ...(to?.hasProxy === true && arrived ? (['destination'] as const) : []),
  ]
}

/** A text that is the same only for flows with the same labels; much sooner made than those. */
export function flowId(flow: Flow, reporter: Reporter): string {
  const { from, to, service, outside = '', declaredIn = '', protocol, code, grpcStatus = '', flags, mutual } = flow
  const ends = `${peerId(from)}\u0001${to === undefined ? '' : peerId(to)}`
  return [reporter, ends, service, outside, declaredIn, protocol, code, grpcStatus, flags, mutual].join('\u0001')
}

function peerId({ cluster, namespace, name, serviceAccount, labels }: RunningWorkload): string {
  return [cluster, namespace, name, serviceAccount, ...PEER_LABELS.map((label) => labels[label] ?? '')].join('\u0002')
}

/** Labels of a standard metric. Source: https://istio.io/latest/docs/reference/config/metrics/ */
export function flowLabels(flow: Flow, reporter: Reporter): Labels {
  const { from, to, mutual, protocol } = flow
  const reports = reporter === 'source' ? from : (to ?? from)
  // A server knows who calls only by mTLS.
  const caller = reporter === 'source' || mutual ? from : undefined
  return {
    reporter,
    ...peerLabels('source', caller, mutual),
    ...peerLabels('destination', to, mutual),
    ...serviceLabels(flow),
    request_protocol: protocol,
    ...(protocol === 'tcp' ? {} : { response_code: String(flow.code) }),
    ...(protocol === 'grpc' ? { grpc_response_status: String(flow.grpcStatus ?? (flow.code === 200 ? 0 : 14)) } : {}),
    response_flags: flow.flags,
    connection_security_policy: reporter === 'source' ? UNKNOWN : mutual ? 'mutual_tls' : 'none',
    job: 'istio-proxies',
    instance: `${reports.name}.${reports.namespace}:15020`,
    namespace: reports.namespace,
  }
}

function peerLabels(side: Reporter, peer: RunningWorkload | undefined, mutual: boolean): Labels {
  const label = (name: string): string | undefined => peer?.labels[name]
  const app = label(CANONICAL_NAME) ?? label('app') ?? peer?.name ?? UNKNOWN
  const revision = label(CANONICAL_REVISION) ?? label('version') ?? 'latest'
  return {
    [`${side}_workload`]: peer?.name ?? UNKNOWN,
    [`${side}_workload_namespace`]: peer?.namespace ?? UNKNOWN,
    [`${side}_principal`]:
      peer !== undefined && mutual ? `spiffe://cluster.local/ns/${peer.namespace}/sa/${peer.serviceAccount}` : UNKNOWN,
    [`${side}_app`]: label('app') ?? UNKNOWN,
    [`${side}_version`]: label('version') ?? UNKNOWN,
    [`${side}_cluster`]: peer?.cluster ?? UNKNOWN,
    [`${side}_canonical_service`]: peer === undefined ? UNKNOWN : app,
    [`${side}_canonical_revision`]: peer === undefined ? UNKNOWN : revision,
  }
}

function serviceLabels({ service, outside, declaredIn, from }: Flow): Labels {
  if (outside === 'undeclared') {
    return {
      destination_service: 'PassthroughCluster',
      destination_service_name: 'PassthroughCluster',
      destination_service_namespace: UNKNOWN,
    }
  }
  if (outside === 'declared') {
    return {
      destination_service: service,
      destination_service_name: service,
      destination_service_namespace: declaredIn ?? from.namespace,
    }
  }
  const [name = '', namespace = ''] = service.split('.')
  return {
    destination_service: `${name}.${namespace}.svc.cluster.local`,
    destination_service_name: name,
    destination_service_namespace: namespace,
  }
}
