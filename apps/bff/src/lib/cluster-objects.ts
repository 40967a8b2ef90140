import type { JoinCluster } from '@meshdeck/contract'
import { MESHDECK_API_VERSION, MESHDECK_NAMESPACE, type Cluster, type KubeResource } from '@meshdeck/kube'
import { printKubeconfig, type ClusterConnectionSpec } from '@meshdeck/kube-client'

/** The hub's record of a cluster that is joined. */
export function toClusterObject({ name, displayName, prometheusUrl, region, network }: JoinCluster): Cluster {
  return {
    apiVersion: MESHDECK_API_VERSION,
    kind: 'Cluster',
    metadata: { name },
    spec: {
      access: { secretRef: { name: secretNameOf(name) } },
      ...(displayName ? { displayName } : {}),
      ...(prometheusUrl ? { prometheus: { url: prometheusUrl } } : {}),
      ...(region ? { region } : {}),
      ...(network ? { network } : {}),
    },
  }
}

/** The Secret with its credential: the checked parts of the kubeconfig and nothing else of it. */
export function toCredentialSecret(cluster: string, spec: ClusterConnectionSpec): KubeResource {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: secretNameOf(cluster),
      namespace: MESHDECK_NAMESPACE,
      labels: { 'meshdeck.io/cluster': cluster },
    },
    type: 'Opaque',
    data: { kubeconfig: Buffer.from(printKubeconfig(spec)).toString('base64') },
  }
}

function secretNameOf(cluster: string): string {
  return `cluster-${cluster}`
}
