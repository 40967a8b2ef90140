import { fields, items } from '../analysis/read.ts'
import type { KubeResource } from '@meshdeck/kube'
import type { WizardPort, WizardService } from './wizard.ts'

/** Kinds of routes that a VirtualService has, in the order in which they are offered. */
export const STREAMS = ['http', 'tls', 'tcp'] as const
export type Stream = (typeof STREAMS)[number]

const GRPC = new Set(['grpc', 'grpc-web'])
/** Source: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/ */
const BY_PROTOCOL: Readonly<Record<string, Stream>> = {
  http: 'http',
  http2: 'http',
  grpc: 'http',
  'grpc-web': 'http',
  https: 'tls',
  tls: 'tls',
  tcp: 'tcp',
  mongo: 'tcp',
  mysql: 'tcp',
  redis: 'tcp',
}

/** What a port's protocol makes of its traffic; one that does not say is found out, and may be HTTP. */
export const streamOfPort = ({ protocol }: WizardPort): Stream =>
  protocol === undefined ? 'http' : (BY_PROTOCOL[protocol.toLowerCase()] ?? 'http')

/** Whether a service says of a port that it speaks gRPC. */
export const speaksGrpc = ({ ports }: WizardService): boolean =>
  ports.some(({ protocol = '' }) => GRPC.has(protocol.toLowerCase()))

/** The kinds of routes that a VirtualService has. */
export const streamsIn = (routes: KubeResource | undefined): Stream[] =>
  STREAMS.filter((stream) => items(fields(routes?.spec)[stream]).length > 0)

/** The kinds of routes that a service can have: those that are there, and those that its ports speak. */
export function streamsOf(service: WizardService, routes: KubeResource | undefined): Stream[] {
  const found = new Set<Stream>([...streamsIn(routes), ...service.ports.map(streamOfPort)])
  return STREAMS.filter((stream) => found.has(stream))
}
