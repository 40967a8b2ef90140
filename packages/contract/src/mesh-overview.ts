import { Type, type Static } from 'typebox'
import { Point } from './metrics.ts'
import { ClusterFailure } from './problem.ts'
import { Recorded } from './recorded.ts'

/** How far back the figures of the overview go. */
export const MeshFiguresQuery = Type.Object(
  {
    range: Type.Optional(Type.Integer({ minimum: 600, maximum: 86_400, default: 3_600, description: 'Seconds.' })),
  },
  { additionalProperties: false },
)

const ServiceFigure = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  requestRate: Type.Number(),
  errorRate: Type.Optional(Type.Number({ description: 'Share 0–1.' })),
  latencyMs: Type.Optional(Type.Number({ description: 'p95; of the slowest Prometheus.' })),
})
export type ServiceFigure = Static<typeof ServiceFigure>

/** A mesh over time, and its services now. A series that nobody has measured is empty; a gap is a missing point. */
export const MeshFigures = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  step: Type.Integer(),
  requestRate: Type.Array(Point),
  errorRate: Type.Array(Point),
  latencyP50: Type.Array(Point),
  latencyP90: Type.Array(Point),
  latencyP99: Type.Array(Point),
  recorded: Recorded,
  bytesRate: Type.Array(Point, { description: 'Bytes per second, both ways, HTTP and TCP.' }),
  proxyCpu: Type.Array(Point, { description: 'Cores that all proxies use.' }),
  proxyMemory: Type.Array(Point, { description: 'Bytes that all proxies hold.' }),
  mtlsShare: Type.Optional(Type.Number({ description: 'Of the requests whose server has told, 0–1.' })),
  top: Type.Object({
    byRate: Type.Array(ServiceFigure),
    byErrors: Type.Array(ServiceFigure, { description: 'By failed requests per second.' }),
    byLatency: Type.Array(ServiceFigure),
  }),
  failures: Type.Array(ClusterFailure),
})
export type MeshFigures = Static<typeof MeshFigures>

/** A certificate that a mesh stands on. */
export const MeshCertificate = Type.Object({
  what: Type.Union([Type.Literal('root'), Type.Literal('authority')]),
  source: Type.Union([
    Type.Literal('mesh'),
    Type.Literal('cacerts'),
    Type.Literal('istio-ca-secret'),
    Type.Literal('istio-ca-root-cert'),
  ]),
  cluster: Type.Optional(Type.String()),
  notAfter: Type.String({ description: 'RFC 3339.' }),
})
export type MeshCertificate = Static<typeof MeshCertificate>

export const MeshCertificates = Type.Object({
  items: Type.Array(MeshCertificate),
  unread: Type.Array(Type.String(), { description: 'Clusters where the caller may read none, or that do not answer.' }),
})
export type MeshCertificates = Static<typeof MeshCertificates>
