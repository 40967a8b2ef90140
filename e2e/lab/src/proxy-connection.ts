import { connect, type ClientHttp2Session } from 'node:http2'

/** A proxy as istiod is told of it. Source: https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol */
export interface ProxyIdentity {
  type: 'sidecar' | 'router'
  namespace: string
  pod: string
  ip: string
  account: string
  cluster: string
  labels: Readonly<Record<string, string>>
}

export interface ProxyConnection {
  /** What istiod generates for the proxy now, as Envoy's own configuration dump. */
  dump(): Promise<unknown>
  close(): void
}

const TYPES = {
  cluster: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  listener: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  route: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
}
const PATH = '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources'

/**
 * Connects to an istiod as if it were a proxy, so that istiod tells what it would send to it. The stream asks for clusters,
 * listeners and some routes; what comes back is read as JSON from istiod's debug address.
 */
export async function connectProxy(
  istiod: { grpcPort: number; debugUrl: string },
  proxy: ProxyIdentity,
  routes: readonly string[],
): Promise<ProxyConnection> {
  const session: ClientHttp2Session = connect(`http://127.0.0.1:${istiod.grpcPort}`)
  session.on('error', () => undefined)
  const stream = session.request({
    ':method': 'POST',
    ':path': PATH,
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  stream.on('error', () => undefined)
  // What is sent is not needed, but has to be taken.
  stream.resume()
  const node = nodeOf(proxy)
  stream.write(frame(requestOf(TYPES.cluster, [], node)))
  stream.write(frame(requestOf(TYPES.listener, [])))
  stream.write(frame(requestOf(TYPES.route, routes)))
  const url = `${istiod.debugUrl}/debug/config_dump?proxyID=${proxy.pod}.${proxy.namespace}`
  const read = async (): Promise<unknown> => {
    const answer = await fetch(url)
    return answer.ok ? answer.json() : undefined
  }
  return {
    dump: read,
    close: () => {
      stream.close()
      session.destroy()
    },
  }
}

/** Protocol Buffers by hand: a field with a length, for texts and messages alike. */
function field(number: number, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest & 127) | 128)
  }
}

type Json = string | { [key: string]: Json }

/** `google.protobuf.Struct` and `Value`. */
const struct = (map: { [key: string]: Json }): Buffer =>
  Buffer.concat(
    Object.entries(map).map(([key, value]) => field(1, Buffer.concat([field(1, key), field(2, valueOf(value))]))),
  )
const valueOf = (value: Json): Buffer => (typeof value === 'string' ? field(3, value) : field(5, struct(value)))

function nodeOf({ type, namespace, pod, ip, account, cluster, labels }: ProxyIdentity): Buffer {
  const metadata = {
    NAMESPACE: namespace,
    NAME: pod,
    SERVICE_ACCOUNT: account,
    CLUSTER_ID: cluster,
    INSTANCE_IPS: ip,
    ISTIO_VERSION: '1.31.0',
    LABELS: { ...labels },
  }
  return Buffer.concat([
    field(1, `${type}~${ip}~${pod}.${namespace}~${namespace}.svc.cluster.local`),
    field(2, pod),
    field(3, struct(metadata)),
  ])
}

const requestOf = (type: string, names: readonly string[], node?: Buffer): Buffer =>
  Buffer.concat([
    ...(node === undefined ? [] : [field(2, node)]),
    ...names.map((name) => field(3, name)),
    field(4, type),
  ])

/** A message of gRPC: not compressed, with its length in front. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
