import type { KubeObject } from '../kube-object.ts'

/** Meshdeck's record of a mesh that was there before it. */
export function meshRecord(name: string, controlPlane: string, members: readonly string[]): KubeObject {
  return {
    apiVersion: 'meshdeck.io/v1alpha1',
    kind: 'Mesh',
    metadata: { name },
    spec: {
      mode: 'External',
      controlPlane: { cluster: controlPlane, namespace: 'istio-system' },
      members: members.map((cluster) => ({ cluster })),
    },
  }
}
