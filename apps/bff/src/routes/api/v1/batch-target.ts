import type { BatchResult } from '@meshdeck/contract'
import { HUB, printResourceRef, type Mesh, type ResourceRef } from '@meshdeck/kube'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { clustersOf } from './mesh-scope.ts'

/** How many targets of a batch are worked on at once. */
export const PARALLEL_TARGETS = 8

export type TargetResult = BatchResult['results'][number]

/** One target of a batch; what goes wrong with it stays with it. */
export async function attempt<T>(
  request: FastifyRequest,
  ref: ResourceRef,
  work: () => Promise<T>,
): Promise<{ result: TargetResult; value?: T }> {
  const target = printResourceRef(ref)
  try {
    return { value: await work(), result: { target, ok: true } }
  } catch (error) {
    return { result: { target, ok: false, problem: request.problemOf(error, ref.cluster) } }
  }
}

export function assertMember(mesh: Mesh, cluster: string): void {
  if (cluster === HUB || !clustersOf(mesh).includes(cluster)) {
    throw new ProblemError('unknown-cluster', `Cluster ${cluster} does not belong to mesh ${mesh.metadata.name}`, {
      cluster,
    })
  }
}
