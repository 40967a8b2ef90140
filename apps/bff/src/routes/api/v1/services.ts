import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, MeshParams, ServiceDetail, ServicePage, ServiceQuery, type ServiceView } from '@meshdeck/contract'
import { LABEL_PATTERN, PATH_SEGMENT_PATTERN, type KindId } from '@meshdeck/kube'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { pageOf, splitList, type RowReader } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { toServiceDetail, toServiceViews } from '../../../lib/views/services.ts'
import { assertVisible, clustersOf, meshOf, readAll, snapshotsOf } from './mesh-scope.ts'

const ServiceParams = Type.Object({
  ...MeshParams.properties,
  namespace: Type.String({ pattern: LABEL_PATTERN }),
  name: Type.String({ pattern: PATH_SEGMENT_PATTERN }),
})
const RULE_KINDS: readonly KindId[] = ['VirtualService', 'DestinationRule', 'ServiceEntry']

/** Services of a mesh, each one row over all its clusters, and one of them in full. */
export const serviceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const path = `${API_ROOT}/meshes/:mesh/services`

  app.get(
    path,
    { schema: { params: MeshParams, querystring: ServiceQuery, response: { 200: ServicePage } } },
    async (request) => {
      const clusters = clustersOf(await meshOf(request, request.params.mesh), request.query)
      const read = await snapshotsOf(request, clusters, 'Service')
      assertVisible(read, 'Service', clusters)
      const { status, ...query } = request.query
      const statuses = splitList(status)
      const page = pageOf(
        toServiceViews(read.snapshots),
        query,
        serviceRows,
        (row) => statuses?.has(row.status) ?? true,
      )
      return { ...page, failures: read.failures }
    },
  )

  app.get(
    `${path}/:namespace/:name`,
    { schema: { params: ServiceParams, response: { 200: ServiceDetail } } },
    async (request) => {
      const { mesh, namespace, name } = request.params
      const clusters = clustersOf(await meshOf(request, mesh))
      const [read, rules] = await Promise.all([snapshotsOf(request, clusters, 'Service'), rulesOf(request, clusters)])
      assertVisible(read, 'Service', clusters)
      const detail = toServiceDetail(read.snapshots, namespace, name, rules)
      if (detail === undefined)
        throw new ProblemError('not-found', `Mesh ${mesh} has no service ${name} in namespace ${namespace}`)
      return { ...detail, failures: read.failures }
    },
  )
}

async function rulesOf(request: FastifyRequest, clusters: readonly string[]) {
  const found = await Promise.all(
    RULE_KINDS.map(async (kind) => {
      const readables = await readAll(request, clusters, kind)
      return readables.flatMap(({ cluster, objects }) => objects.map((resource) => ({ cluster, kind, resource })))
    }),
  )
  return found.flat()
}

const serviceRows: RowReader<ServiceView> = {
  columns: {
    name: ({ name }) => name,
    namespace: ({ namespace }) => namespace,
    cluster: ({ clusters }) => clusters.join(' '),
    type: ({ type }) => type,
    // From bad to good, as words would not sort.
    status: ({ status }) => ['error', 'warning', 'running'].indexOf(status),
    pods: ({ pods }) => pods,
    injectedPods: ({ injectedPods }) => injectedPods,
    created: ({ created }) => created,
  },
  texts: ({ versions, ports }) => [...versions, ...ports.map(({ port }) => String(port))],
  labels: ({ labels }) => labels,
  namespace: ({ namespace }) => namespace,
  clusters: ({ clusters }) => clusters,
}
