import type { KubeResource } from '@meshdeck/kube'

/** As much of the definitions of others as candidates for joining are read from; the real ones hold more. */
export const FOREIGN_CRDS: readonly KubeResource[] = [
  definition('multicluster.x-k8s.io', 'ClusterProfile', 'clusterprofiles', 'Namespaced'),
  definition('cluster.kpanda.io', 'Cluster', 'clusters', 'Cluster'),
]

function definition(group: string, kind: string, plural: string, scope: 'Namespaced' | 'Cluster'): KubeResource {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: open, status: open } } },
        },
      ],
    },
  }
}
