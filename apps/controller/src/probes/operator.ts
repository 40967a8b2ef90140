import { ClusterCondition } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import type { Finding } from '../status/conditions.ts'

/** Whether a cluster has the Sail Operator, by which meshes can be created there; nothing where it has not, or hides it. */
export async function findOperator(client: ResourceClient, signal: AbortSignal): Promise<Finding | undefined> {
  try {
    await client.list('Istio', { limit: 1, signal })
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus === 401) throw error
    return undefined
  }
  const message = 'The Sail Operator is installed; meshes can be created here.'
  return { type: ClusterCondition.OperatorReady, status: 'True', reason: 'Installed', message }
}
