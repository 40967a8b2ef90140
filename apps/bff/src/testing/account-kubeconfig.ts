import { isRecord } from '@meshdeck/kube'
import { kubeconfigOf } from '@meshdeck/sandbox'
import { vi } from 'vitest'
import type { SandboxHub } from './sandbox-hub.ts'

const NAMESPACE = 'kube-system'

/** A kubeconfig of a new service account of a simulated cluster. Its token ends with the account. */
export async function accountKubeconfig(
  { sandbox, client }: SandboxHub,
  cluster: string,
  name: string,
  role = 'cluster-admin',
): Promise<string> {
  const owner = await sandbox.clusters.find((one) => one.name === cluster)?.ownerAccess()
  if (owner === undefined) throw new Error(`the fleet has no cluster ${cluster}`)
  const api = client(cluster)
  await api.create('ServiceAccount', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { namespace: NAMESPACE, name },
  })
  await api.create('ClusterRoleBinding', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', namespace: NAMESPACE, name }],
  })
  await api.create('Secret', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: NAMESPACE, name, annotations: { 'kubernetes.io/service-account.name': name } },
    type: 'kubernetes.io/service-account-token',
  })
  const token = await vi.waitFor(async () => {
    const { data } = await api.get('Secret', { namespace: NAMESPACE, name })
    const value = isRecord(data) ? data['token'] : undefined
    if (typeof value !== 'string') throw new Error('no token yet')
    return Buffer.from(value, 'base64').toString('utf8')
  })
  return kubeconfigOf([{ ...owner, user: { token } }])
}

/** Ends such an account, and its token with it. */
export async function endAccount({ client }: SandboxHub, cluster: string, name: string): Promise<void> {
  await client(cluster).delete('ServiceAccount', { namespace: NAMESPACE, name })
}
