import { X509Certificate } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  MeshCertificates,
  MeshFigures,
  MeshFiguresQuery,
  MeshParams,
  type MeshCertificate,
} from '@meshdeck/contract'
import { kindOf, readPath, type KubeResource, type Mesh } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import { systemNamespaceOf } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { alignRange, mergeGolden } from '../../../lib/prometheus/golden-queries.ts'
import { fetchOverview, type OverviewAnswer } from '../../../lib/prometheus/overview-queries.ts'
import { alignedNow } from '../../../lib/prometheus/prometheus-client.ts'
import { recordedRates } from '../../../lib/prometheus/recorded-rates.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import { mtlsShareOf, rankServices, sumPoints, toServiceFigures } from '../../../lib/views/mesh-figures.ts'
import { askSources } from './mesh-metrics.ts'
import { clustersOf, meshOf } from './mesh-scope.ts'
import { fullyVisible } from './mesh-traffic.ts'

const DEFAULT_RANGE_SECONDS = 3_600
/** Rates over less than four scrapes have holes; 15 s is the usual interval. */
const SHORTEST_WINDOW_SECONDS = 60

/** Figures and certificates of a mesh as its overview shows them, by a fixed handful of queries. */
export const meshFigureRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/metrics/overview`,
    { schema: { params: MeshParams, querystring: MeshFiguresQuery, response: { 200: MeshFigures } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const members = clustersOf(mesh)
      const length = request.query.range ?? DEFAULT_RANGE_SECONDS
      const step = alignRange({ from: 0, to: length }).step
      const to = alignedNow(step)
      const range = alignRange({ from: to - length, to, step })
      const window = Math.max(SHORTEST_WINDOW_SECONDS, range.step * 2)
      const visible = await fullyVisible(request, members)
      const { answers, failures } = await askSources(request, members, async ({ client }) => {
        const rates = recordedRates(client)
        const overview = await fetchOverview(rates.client, range, window)
        return { ...overview, recorded: rates.used() }
      })
      const whole = answers.filter(({ source }) => source.clusters.every((cluster) => visible.includes(cluster)))
      const services = await visibleServices(request, answers)
      const [first] = members
      const [failure] = failures
      if (answers.length === 0 && failure !== undefined) throw ProblemError.from(failure.problem)
      if (whole.length === 0 && services.length === 0 && visible.length === 0 && first !== undefined)
        throw ProblemError.from(forbiddenProblem(kindOf('Service'), first))
      const parts = whole.map(({ answer }) => answer)
      const mtlsShare = mtlsShareOf(parts)
      return {
        ...range,
        ...mergeGolden(parts.map(({ golden }) => golden)),
        bytesRate: sumPoints(
          parts.flatMap(({ series }) => [series.httpSent, series.httpReceived, series.tcpSent, series.tcpReceived]),
        ),
        proxyCpu: sumPoints(parts.map(({ series }) => series.proxyCpu)),
        proxyMemory: sumPoints(parts.map(({ series }) => series.proxyMemory)),
        ...(mtlsShare === undefined ? {} : { mtlsShare }),
        top: rankServices(services),
        recorded: answers.some(({ answer }) => answer.recorded),
        failures,
      }
    },
  )

  app.get(
    `${API_ROOT}/meshes/:mesh/certificates`,
    { schema: { params: MeshParams, response: { 200: MeshCertificates } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { trust } = mesh.status ?? {}
      const own: MeshCertificate[] =
        trust === undefined
          ? []
          : [
              { what: 'root', source: 'mesh', notAfter: trust.rootNotAfter },
              { what: 'authority', source: 'mesh', notAfter: trust.notAfter },
            ]
      const found = await Promise.all(clustersOf(mesh).map((cluster) => certificatesIn(request, mesh, cluster)))
      return {
        items: [...own, ...found.flatMap(({ items }) => items)],
        unread: found.flatMap(({ cluster, unread }) => (unread ? [cluster] : [])),
      }
    },
  )
}

/** Figures of the services that the caller may see: in every cluster that a server speaks for. */
async function visibleServices(
  request: FastifyRequest,
  answers: readonly { source: { clusters: readonly string[] }; answer: OverviewAnswer }[],
) {
  const figures = toServiceFigures(answers.map(({ answer }) => answer))
  const namespaces = new Set(figures.map(({ namespace }) => namespace))
  const rights = await Promise.all(
    [...new Set(answers.flatMap(({ source }) => source.clusters))].map((cluster) =>
      request
        .rights(cluster)
        .listable('Service', namespaces)
        .catch(() => new Set<string>()),
    ),
  )
  return figures.filter(({ namespace }) => rights.every((listable) => listable === 'all' || listable.has(namespace)))
}

/** Where istiod has its authority from, the first that is there. Source: https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/ */
const AUTHORITIES = ['cacerts', 'istio-ca-secret'] as const
const ROOT_CONFIG_MAP = 'istio-ca-root-cert'

async function certificatesIn(
  request: FastifyRequest,
  mesh: Mesh,
  cluster: string,
): Promise<{ cluster: string; items: MeshCertificate[]; unread: boolean }> {
  const namespace = systemNamespaceOf(mesh)
  try {
    const { failure } = request.server.fleetState.of(cluster)
    if (failure !== undefined) return { cluster, items: [], unread: true }
    const client = await request.kube(cluster)
    for (const source of AUTHORITIES) {
      const secret = await getIfAllowed(client, 'Secret', { namespace, name: source })
      const authority = secret && (pemIn(secret, 'ca-cert.pem', true) ?? pemIn(secret, 'tls.crt', true))
      const root = secret && (pemIn(secret, 'root-cert.pem', true) ?? pemIn(secret, 'ca.crt', true))
      const items = [
        ...certificate('root', source, cluster, root),
        ...(authority === root ? [] : certificate('authority', source, cluster, authority)),
      ]
      if (items.length > 0) return { cluster, items, unread: false }
    }
    // Whoever may not read Secrets may still see the root, which every namespace has.
    const map = await getIfAllowed(client, 'ConfigMap', { namespace, name: ROOT_CONFIG_MAP })
    const items = certificate('root', ROOT_CONFIG_MAP, cluster, map && pemIn(map, 'root-cert.pem', false))
    return { cluster, items, unread: items.length === 0 }
  } catch (error) {
    request.log.debug({ cluster, error }, 'certificates cannot be read')
    return { cluster, items: [], unread: true }
  }
}

async function getIfAllowed(
  client: ResourceClient,
  kind: 'Secret' | 'ConfigMap',
  ref: { namespace: string; name: string },
): Promise<KubeResource | undefined> {
  try {
    return await client.get(kind, ref)
  } catch (error) {
    if (error instanceof KubeStatusError && [403, 404].includes(error.httpStatus)) return undefined
    throw error
  }
}

function pemIn(object: KubeResource, key: string, isSecret: boolean): string | undefined {
  const data = readPath(object, 'data')
  // A key with a dot is no path.
  const text = typeof data === 'object' && data !== null ? Object.entries(data).find(([name]) => name === key)?.[1] : ''
  if (typeof text !== 'string' || text === '') return undefined
  return isSecret ? Buffer.from(text, 'base64').toString('utf8') : text
}

function certificate(
  what: MeshCertificate['what'],
  source: MeshCertificate['source'],
  cluster: string,
  pem: string | undefined,
): MeshCertificate[] {
  if (pem === undefined) return []
  try {
    return [{ what, source, cluster, notAfter: new X509Certificate(pem).validToDate.toISOString() }]
  } catch {
    // Not a certificate: what it is nobody can say here.
    return []
  }
}
