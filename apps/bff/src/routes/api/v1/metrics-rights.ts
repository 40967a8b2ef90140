import { kindOf } from '@meshdeck/kube'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'

/**
 * Clusters whose metrics the caller may see: metrics are for those who may list the services that they are of, in one
 * namespace or everywhere. A cluster that cannot say just now is left out when others have allowed. Throws `ProblemError`
 * (`forbidden`) when that is nowhere.
 */
export async function clustersShowing(
  request: FastifyRequest,
  clusters: readonly string[],
  namespace?: string,
): Promise<string[]> {
  const answers = await Promise.allSettled(
    clusters.map((cluster) => request.rights(cluster).mayList('Service', namespace)),
  )
  const visible = clusters.filter((_cluster, index) => answers[index]?.status === 'fulfilled' && answers[index].value)
  const [first] = clusters
  if (visible.length === 0 && first !== undefined) {
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (failed) throw failed.reason
    throw ProblemError.from(forbiddenProblem(kindOf('Service'), first))
  }
  return visible
}

/** Which of some namespaces the caller may see the metrics of, in all of some clusters. A cluster that cannot say allows none. */
export async function namespacesShowing(
  request: FastifyRequest,
  clusters: readonly string[],
  namespaces: Iterable<string>,
): Promise<(namespace: string) => boolean> {
  const asked = new Set(namespaces)
  if (asked.size === 0) return () => true
  const rights = await Promise.all(
    clusters.map((cluster) =>
      request
        .rights(cluster)
        .listable('Service', asked)
        .catch(() => new Set<string>()),
    ),
  )
  return (namespace) => rights.every((listable) => listable === 'all' || listable.has(namespace))
}
