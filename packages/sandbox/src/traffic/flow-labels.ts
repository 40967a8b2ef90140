import type { Labels } from '../promql/series-source.ts'
import type { Flow } from './resolve-flows.ts'
import { inMesh, type RunningWorkload } from './workloads.ts'

export type Reporter = 'source' | 'destination'

const UNKNOWN = 'unknown'
const CANONICAL_NAME = 'service.istio.io/canonical-name'
const CANONICAL_REVISION = 'service.istio.io/canonical-revision'
/** Labels of a pod that the labels of its metrics are made from. */
const PEER_LABELS = [CANONICAL_NAME, CANONICAL_REVISION, 'app', 'version']

/** Who reports a flow: each end that has a proxy or a ztunnel, the server's only for what reached it. */
export function reportersOf({ from, to, arrived }: Flow): readonly Reporter[] {
  return [
    ...(inMesh(from) ? (['source'] as const) : []),
    ...(to !== undefined && inMesh(to) && arrived ? (['destination'] as const) : []),
  ]
}

/** A text that is the same only for flows with the same labels; much sooner made than those. */
export function flowId(flow: Flow, reporter: Reporter): string {
  const { from, to, service, outside = '', declaredIn = '', protocol, code, grpcStatus = '', flags, mutual } = flow
  const ends = `${peerId(from)}\u0001${to === undefined ? '' : peerId(to)}`
  return [reporter, ends, service, outside, declaredIn, protocol, code, grpcStatus, flags, mutual].join('\u0001')
}

function peerId({ cluster, namespace, name, serviceAccount, ztunnel, labels }: RunningWorkload): string {
  return [
    cluster,
    namespace,
    name,
    serviceAccount,
    ztunnel ?? '',
    ...PEER_LABELS.map((label) => labels[label] ?? ''),
  ].join('\u0002')
}

/** Labels of a standard metric. Source: https://istio.io/latest/docs/reference/config/metrics/ */
export function flowLabels(flow: Flow, reporter: Reporter): Labels {
  const { from, to, mutual } = flow
  const reports = reporter === 'source' ? from : (to ?? from)
  // A server knows who calls only by mTLS.
  const caller = reporter === 'source' || mutual ? from : undefined
  const { ztunnel } = reports
  return {
    reporter,
    ...peerLabels('source', caller, mutual),
    ...peerLabels('destination', to, mutual),
    ...serviceLabels(flow),
    ...(ztunnel === undefined ? proxyLabels(flow, reporter) : ztunnelLabels(flow, ztunnel)),
    namespace: reports.namespace,
  }
}

function proxyLabels({ from, to, protocol, code, grpcStatus, flags, mutual }: Flow, reporter: Reporter): Labels {
  const reports = reporter === 'source' ? from : (to ?? from)
  return {
    request_protocol: protocol,
    ...(protocol === 'tcp' ? {} : { response_code: String(code) }),
    ...(protocol === 'grpc' ? { grpc_response_status: String(grpcStatus ?? (code === 200 ? 0 : 14)) } : {}),
    response_flags: flags,
    connection_security_policy: reporter === 'source' ? UNKNOWN : mutual ? 'mutual_tls' : 'none',
    job: 'istio-proxies',
    instance: `${reports.name}.${reports.namespace}:15020`,
  }
}

/** ztunnel sees connections only, whatever is spoken in them. */
function ztunnelLabels({ mutual }: Flow, pod: string): Labels {
  return {
    request_protocol: 'tcp',
    response_flags: '-',
    connection_security_policy: mutual ? 'mutual_tls' : UNKNOWN,
    app: 'ztunnel',
    pod,
    job: 'kubernetes-pods',
    instance: `${pod}:15020`,
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
