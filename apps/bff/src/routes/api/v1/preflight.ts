import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { lifePaths, PreflightRequest, PreflightView } from '@meshdeck/contract'
import { HUB, kindOf, meshClusters, type Cluster, type Mesh } from '@meshdeck/kube'
import type { AddressPolicy } from '@meshdeck/kube-client'
import {
  addressKind,
  neededRights,
  placesOf,
  preflight,
  type ChartAnswer,
  type Fact,
  type HostFacts,
  type MemberFacts,
  type Place,
  type Right,
} from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { askChartSource } from '../../../lib/preflight/chart-source.ts'
import { toFact } from '../../../lib/preflight/read-fact.ts'
import { PREFLIGHT_DEADLINE_MS, readHost, readMember } from '../../../lib/preflight/read-host.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { hubRecords } from './mesh-scope.ts'

/** What stands in the way of a mesh, or of clusters that join one. Writes nothing; a POST, since a draft does not fit a URL. */
export const preflightRoutes: FastifyPluginAsyncTypebox<{ policy: AddressPolicy }> = async (app, { policy }) => {
  app.post(
    lifePaths.preflight,
    { schema: { body: PreflightRequest, response: { 200: PreflightView } } },
    async (request): Promise<PreflightView> => {
      const mesh = toMesh(request.body.mesh)
      const [records, meshes] = await Promise.all([
        hubRecords<Cluster>(request, 'Cluster'),
        hubRecords<Mesh>(request, 'Mesh'),
      ])
      const clusterNamed = (name: string) => records.find(({ metadata }) => metadata.name === name)
      const places = placesOf(
        mesh,
        (name) => clusterNamed(name)?.spec.network,
        (name) => clusterNamed(name)?.status?.platform,
      )
      const { joining } = request.body
      assertKnown(places, joining, records)
      const isNew = ({ cluster }: Place) => joining === undefined || joining.includes(cluster)
      const ownMissing = await toFact(missingOwn(request, joining === undefined ? 'create' : 'update'))
      // Who may write no mesh has no business making this server ask about other credentials and addresses.
      const mayWrite = 'value' in ownMissing && ownMissing.value.length === 0
      const [hosts, members, charts] = await Promise.all([
        Promise.all(
          places.filter(isNew).map((place) =>
            hostOf(request, {
              place,
              mesh,
              several: places.length > 1,
              record: records.find(({ metadata }) => metadata.name === place.cluster),
              meshes: meshes
                .filter(
                  (each) => each.metadata.name !== mesh.metadata.name && meshClusters(each).includes(place.cluster),
                )
                .map(({ metadata }) => metadata.name),
              mayWrite,
            }),
          ),
        ),
        Promise.all(places.filter((place) => !isNew(place)).map(({ cluster }) => memberOf(request, cluster))),
        mayWrite ? chartsOf(mesh, policy) : ({ state: 'notSeen' } as const),
      ])
      return { clusters: preflight({ mesh, places, hosts, members, ownMissing, charts }) }
    },
  )
}

/** The boundary: the schema has looked at all that is read of it. */
function toMesh(draft: PreflightRequest['mesh']): Mesh {
  return { apiVersion: 'meshdeck.io/v1alpha1', kind: 'Mesh', ...draft } as Mesh
}

/** Throws `ProblemError` that names the field. */
function assertKnown(
  places: readonly Place[],
  joining: readonly string[] | undefined,
  records: readonly Cluster[],
): void {
  for (const { cluster } of places) {
    if (!records.some(({ metadata }) => metadata.name === cluster))
      throw new ProblemError('unknown-cluster', `There is no cluster ${cluster}`, { params: { cluster } })
  }
  for (const [index, cluster] of (joining ?? []).entries()) {
    if (places.some((place) => place.cluster === cluster && place.role === 'remote')) continue
    const field = `joining[${index}]`
    const message = `${cluster} is not among the members of a managed mesh (mesh.spec.members)`
    throw new ProblemError('invalid-input', `body: ${field} ${message}`, { fields: [{ field, message }] })
  }
}

async function missingOwn(request: FastifyRequest, verb: 'create' | 'update'): Promise<Right[]> {
  const { group, plural: resource } = kindOf('Mesh')
  const right = { verb, group, resource }
  return (await request.rights(HUB).check(right)).allowed ? [] : [right]
}

async function chartsOf({ spec }: Mesh, policy: AddressPolicy): Promise<ChartAnswer> {
  const { charts, version = '' } = spec.controlPlane
  if (spec.engine !== 'Helm' || charts === undefined) return { state: 'notSeen' }
  return askChartSource(charts, version.replace(/^v/, ''), {
    policy,
    signal: AbortSignal.timeout(PREFLIGHT_DEADLINE_MS),
  })
}

interface HostQuestion {
  place: Place
  mesh: Mesh
  several: boolean
  record: Cluster | undefined
  meshes: string[]
  mayWrite: boolean
}

/** A cluster that does not answer says so and nothing else. */
async function hostOf(request: FastifyRequest, question: HostQuestion): Promise<HostFacts> {
  const { place, mesh, record, meshes, mayWrite } = question
  const { cluster } = place
  const { server } = request
  try {
    if (record === undefined) throw new ProblemError('unknown-cluster', `There is no cluster ${cluster}`)
    const { failure } = server.fleetState.of(cluster)
    if (failure !== undefined) throw ProblemError.from(failure.problem)
    const signal = AbortSignal.timeout(PREFLIGHT_DEADLINE_MS)
    const named = mesh.spec.members?.find((each) => each.cluster === cluster)?.apiServer
    return await readHost({
      cluster: record,
      client: await request.kube(cluster),
      deadlineMs: PREFLIGHT_DEADLINE_MS,
      missingRights: mayWrite
        ? toFact(server.storedCredential.missing(cluster, neededRights(mesh, place, question.several), signal))
        : NOT_ALLOWED,
      apiServer:
        named !== undefined
          ? Promise.resolve({ value: addressKind(URL.parse(named)?.hostname ?? named) })
          : mayWrite
            ? toFact(server.storedCredential.addressKind(cluster))
            : NOT_ALLOWED,
      meshes,
    })
  } catch (error) {
    const problem = request.problemOf(error, cluster)
    return unreadHost(cluster, problem.detail ?? problem.title)
  }
}

async function memberOf(request: FastifyRequest, cluster: string): Promise<MemberFacts> {
  try {
    const { failure } = request.server.fleetState.of(cluster)
    if (failure !== undefined) throw ProblemError.from(failure.problem)
    return await readMember(cluster, await request.kube(cluster), AbortSignal.timeout(PREFLIGHT_DEADLINE_MS))
  } catch {
    return { cluster, nodes: UNREAD, services: UNREAD, roots: UNREAD }
  }
}

const UNREAD: Fact<never> = { unread: 'failed' }

const NOT_ALLOWED = Promise.resolve<Fact<never>>({ unread: 'forbidden' })

function unreadHost(cluster: string, lost: string): HostFacts {
  return {
    cluster,
    lost,
    meshes: [],
    version: UNREAD,
    clock: UNREAD,
    missingRights: UNREAD,
    apiServer: UNREAD,
    istiods: UNREAD,
    nodes: UNREAD,
    services: UNREAD,
    roots: UNREAD,
    namespaces: UNREAD,
    pods: UNREAD,
    deployments: UNREAD,
    leases: UNREAD,
    definitions: UNREAD,
    mutating: UNREAD,
    validating: UNREAD,
    endpointSlices: UNREAD,
  }
}
