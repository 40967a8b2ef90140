import type { Mesh } from '@meshdeck/kube'
import { labelsOf, READER_ACCOUNT, READER_TOKEN, systemNamespaceOf } from './names.ts'
import type { PlannedObject } from './plan.ts'
import { toBase64 } from './to-base64.ts'

/** How istiod gets at a member's API server. */
export interface MemberAccess {
  cluster: string
  server: string
  /** PEM of the member's authority. */
  ca: string
  token: string
}

/** In the member: asks Kubernetes for a token of the account that Istio's charts made for readers. */
export function readerToken(mesh: Mesh): PlannedObject {
  return {
    step: 'reader',
    kind: 'Secret',
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: READER_TOKEN,
        namespace: systemNamespaceOf(mesh),
        labels: labelsOf(mesh),
        annotations: { 'kubernetes.io/service-account.name': READER_ACCOUNT },
      },
      type: 'kubernetes.io/service-account-token',
    },
  }
}

/**
 * In the control plane's cluster: what `istioctl create-remote-secret` would write. The kubeconfig is JSON, which is YAML.
 * Source: https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret
 */
export function remoteSecret(mesh: Mesh, { cluster, server, ca, token }: MemberAccess): PlannedObject {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'certificate-authority-data': toBase64(ca) } }],
    users: [{ name: cluster, user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    'current-context': cluster,
  }
  return {
    step: 'remoteSecrets',
    kind: 'Secret',
    object: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: remoteSecretName(cluster),
        namespace: systemNamespaceOf(mesh),
        labels: { ...labelsOf(mesh), 'istio/multiCluster': 'true' },
        annotations: { 'networking.istio.io/cluster': cluster },
      },
      type: 'Opaque',
      data: { [cluster]: toBase64(JSON.stringify(kubeconfig)) },
    },
  }
}

export const remoteSecretName = (cluster: string): string => `istio-remote-secret-${cluster}`
