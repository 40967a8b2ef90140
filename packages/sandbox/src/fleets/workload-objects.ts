import type { KubeObject } from '../kube-object.ts'

export interface AppWorkload {
  readonly namespace: string
  /** Its `app` label, its Service and its service account. */
  readonly app: string
  readonly version: string
  /** Name of its Deployment or StatefulSet. */
  readonly name: string
  readonly replicas: number
  readonly port: { readonly name: string; readonly number: number }
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly stateful?: boolean
}

const HUB = 'registry.example.com/shop'

/** A namespace whose pods get sidecars, are carried by ztunnel, or are left alone. */
export function namespaceObject(name: string, mode: boolean | 'ambient'): KubeObject {
  const labels: Readonly<Record<string, string>> =
    mode === 'ambient' ? { 'istio.io/dataplane-mode': 'ambient' } : mode ? { 'istio-injection': 'enabled' } : {}
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

export function workloadObjects(workload: AppWorkload): readonly KubeObject[] {
  const { namespace, app, version, name, replicas, port, stateful } = workload
  const labels = { app, version }
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: app, namespace } },
    {
      apiVersion: 'apps/v1',
      kind: stateful === true ? 'StatefulSet' : 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        ...(stateful === true ? { serviceName: app } : {}),
        template: {
          metadata: { labels: { ...labels, ...workload.labels }, annotations: { ...workload.annotations } },
          spec: {
            serviceAccountName: app,
            terminationGracePeriodSeconds: 5,
            containers: [
              {
                name: app,
                image: `${HUB}/${app}:${version}`,
                ports: [{ name: port.name, containerPort: port.number }],
              },
            ],
          },
        },
      },
    },
  ]
}

/** One Service for each app, however many versions stand behind it. */
export function serviceObject(
  namespace: string,
  app: string,
  port: { readonly name: string; readonly number: number },
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app, namespace, labels: { app } },
    spec: { selector: { app }, ports: [{ name: port.name, port: port.number, targetPort: port.name }] },
  }
}
