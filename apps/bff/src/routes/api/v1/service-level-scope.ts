import type { ClusterFailure } from '@meshdeck/contract'
import { HUB, kindOf, type Mesh, type ServiceLevel } from '@meshdeck/kube'
import { KubeStatusError } from '@meshdeck/kube-client'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../../../lib/problem.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import type { MetricsSource } from '../../../plugins/metrics-sources.ts'
import { clustersOf, hubRecords } from './mesh-scope.ts'

/** A level that the caller may read, with the clusters where its requests are served. */
export interface VisibleLevel {
  level: ServiceLevel
  /** Where the caller may list its service. */
  clusters: readonly string[]
  /** Where it should be counted too, and the caller may not see it or the cluster cannot say. */
  missing: readonly string[]
}

/**
 * The levels of a mesh whose services the caller may list in one of their clusters at least. Metrics are for those who may
 * list the services that they are of, so the others' requests are not counted for him.
 */
export async function visibleLevels(
  request: FastifyRequest,
  mesh: Mesh,
  take: (level: ServiceLevel) => boolean = () => true,
): Promise<{ levels: VisibleLevel[]; failures: ClusterFailure[] }> {
  const records = await hubRecords<ServiceLevel>(request, 'ServiceLevel')
  const own = records.filter((level) => level.spec.mesh === mesh.metadata.name && take(level))
  return withRights(request, mesh, own)
}

/** One level. A fresh one that the cache has not seen yet is asked for. Throws `ProblemError` (`not-found`, `forbidden`). */
export async function visibleLevel(
  request: FastifyRequest,
  mesh: Mesh,
  name: string,
): Promise<{ visible: VisibleLevel; failures: ClusterFailure[] }> {
  const known = await hubRecords<ServiceLevel>(request, 'ServiceLevel')
  const level = known.find(({ metadata }) => metadata.name === name) ?? (await readLevel(request, name))
  if (level?.spec.mesh !== mesh.metadata.name)
    throw new ProblemError('not-found', `Mesh ${mesh.metadata.name} has no service level ${name}`)
  const { levels, failures } = await withRights(request, mesh, [level])
  const [visible] = levels
  if (visible !== undefined) return { visible, failures }
  const [failure] = failures
  if (failure !== undefined) throw ProblemError.from(failure.problem)
  const [cluster = HUB] = clustersOf(mesh)
  throw ProblemError.from(forbiddenProblem(kindOf('Service'), cluster))
}

async function readLevel(request: FastifyRequest, name: string): Promise<ServiceLevel | undefined> {
  try {
    return await (await request.kube(HUB)).get<ServiceLevel>('ServiceLevel', { name })
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
    throw error
  }
}

async function withRights(
  request: FastifyRequest,
  mesh: Mesh,
  levels: readonly ServiceLevel[],
): Promise<{ levels: VisibleLevel[]; failures: ClusterFailure[] }> {
  const members = clustersOf(mesh)
  const namespaces = new Set(levels.map(({ spec }) => spec.service.namespace))
  const failures: ClusterFailure[] = []
  const listable = new Map<string, ReadonlySet<string> | 'all'>()
  await Promise.all(
    (levels.length === 0 ? [] : members).map(async (cluster) => {
      try {
        listable.set(cluster, await request.rights(cluster).listable('Service', namespaces))
      } catch (error) {
        failures.push({ cluster, problem: request.problemOf(error, cluster) })
      }
    }),
  )
  const sees = (cluster: string, namespace: string): boolean => {
    const rights = listable.get(cluster)
    return rights === 'all' || rights?.has(namespace) === true
  }
  return {
    levels: levels.flatMap((level) => {
      const wanted = level.spec.clusters ?? members
      const clusters = wanted.filter((cluster) => sees(cluster, level.spec.service.namespace))
      const missing = wanted.filter((cluster) => !clusters.includes(cluster))
      return clusters.length === 0 ? [] : [{ level, clusters, missing }]
    }),
    failures,
  }
}

/** Whether the clusters of a Prometheus must be told apart by labels. */
export const holdsSeveral = ({ clusters, others }: MetricsSource): boolean => clusters.length + others.length > 1

/**
 * Which samples of a Prometheus are a level's. One that serves a single cluster needs no filter, and its Istio may call
 * the cluster by another id.
 */
export function countedOf(
  { clusters }: VisibleLevel,
  source: MetricsSource,
): ((cluster: string | undefined) => boolean) | undefined {
  if (!source.clusters.some((cluster) => clusters.includes(cluster))) return undefined
  if (!holdsSeveral(source)) return () => true
  return (cluster) => cluster !== undefined && clusters.includes(cluster)
}
