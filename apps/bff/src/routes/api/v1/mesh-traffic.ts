import type { ClusterFailure, MeshOverview, MeshTraffic } from '@meshdeck/contract'
import type { Cluster, Mesh } from '@meshdeck/kube'
import type { FastifyRequest } from 'fastify'

export async function meshTraffic(
  _request: FastifyRequest,
  _mesh: Mesh,
  _clusters: readonly Cluster[],
): Promise<{ traffic?: MeshTraffic; failures: ClusterFailure[] }> {
  return { failures: [] }
}

export async function topServices(
  _request: FastifyRequest,
  _mesh: Mesh,
  _clusters: readonly Cluster[],
): Promise<{ services?: NonNullable<MeshOverview['topServices']>; failures: ClusterFailure[] }> {
  return { failures: [] }
}
