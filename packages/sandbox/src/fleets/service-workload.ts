import type { KubeObject } from '../kube-object.ts'

export interface ServiceWorkload {
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly template?: {
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  /** Of the pods; by their `app` when absent. */
  readonly selector?: Readonly<Record<string, string>>
  readonly container: Readonly<Record<string, unknown>>
  readonly type?: string
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort?: number }[]
}

/** A Deployment with its service account and its Service. */
export function serviceWorkload({
  namespace,
  name,
  labels,
  template,
  selector = { app: labels['app'] ?? name },
  container,
  type,
  ports,
}: ServiceWorkload): readonly KubeObject[] {
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: { ...labels, ...template?.labels }, annotations: { ...template?.annotations } },
          spec: { serviceAccountName: name, containers: [container] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { selector, ports, ...(type === undefined ? {} : { type }) },
    },
  ]
}
