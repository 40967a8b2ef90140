import type { Labels } from './label-selector.ts'
import type { ContainerLike, PodLike } from './pods.ts'
import type { WorkloadLike } from './workload-injection.ts'

/** Small frozen objects for tests of injection and health. */
export const proxy: ContainerLike = Object.freeze({ name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.31.0' })

export interface PodOptions {
  name?: string
  namespace?: string
  deployment?: string
  injected?: boolean
  revision?: string
  phase?: string
  deletionTimestamp?: string
}

/** A pod of a Deployment, as its ReplicaSet makes it and istiod's webhook leaves it. */
export function podOf({
  deployment = 'reviews',
  namespace = 'shop',
  injected = false,
  ...options
}: PodOptions): PodLike {
  const containers = [{ name: 'app', image: 'app:1' }, ...(injected ? [proxy] : [])]
  return Object.freeze({
    metadata: {
      name: options.name ?? `${deployment}-5d8f-x`,
      namespace,
      labels: { 'pod-template-hash': '5d8f' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-5d8f`, uid: 'u', controller: true },
      ],
      ...(injected && {
        annotations: { 'sidecar.istio.io/status': JSON.stringify({ revision: options.revision ?? 'default' }) },
      }),
      ...(options.deletionTimestamp !== undefined && { deletionTimestamp: options.deletionTimestamp }),
    },
    spec: { containers },
    status: { phase: options.phase ?? 'Running' },
  })
}

export function deploymentOf(name = 'reviews', podLabels: Labels = {}, containers: ContainerLike[] = []): WorkloadLike {
  return Object.freeze({
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { template: { metadata: { labels: podLabels }, spec: { containers } } },
  })
}
