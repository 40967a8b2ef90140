import { readPath, type KubeResource } from '@meshdeck/kube'
import { useQueries } from '@tanstack/react-query'
import { namespaceQueries } from './queries.ts'
import { workloadKey, type WorkloadTarget } from './targets.ts'

/** The objects of workloads, live: one question for each cluster and kind, however many workloads there are. */
export function useWorkloadObjects(targets: readonly WorkloadTarget[]): ReadonlyMap<string, KubeResource> {
  const groups = [...Map.groupBy(targets, ({ cluster, kind }) => `${cluster}/${kind}`).values()]
  return useQueries({
    queries: groups.map((group) => {
      const [{ cluster, kind } = { cluster: '', kind: 'Deployment' as const }] = group
      const namespaces = group.map(({ namespace }) => namespace)
      return namespaceQueries.rollouts(cluster, kind, namespaces)
    }),
    combine: (results) =>
      new Map(
        groups.flatMap((group, index) =>
          group.flatMap((target): [string, KubeResource][] => {
            const object = results[index]?.data?.find(
              ({ metadata }) => metadata.name === target.name && metadata.namespace === target.namespace,
            )
            return object === undefined ? [] : [[workloadKey(target), object]]
          }),
        ),
      ),
  })
}

/** Counts the versions of an object's spec; rises with each restart. */
export function generationOf(object: KubeResource | undefined): number | undefined {
  const generation = object && readPath(object, 'metadata.generation')
  return typeof generation === 'number' ? generation : undefined
}
