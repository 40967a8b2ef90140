import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ClusterApi } from '../store/cluster-api.ts'

/** What istiod's injector knows of its mesh: the `values` of its ConfigMap, and the mesh configuration. */
export interface InjectionConfig {
  readonly revision: string
  readonly image: string
  readonly discoveryAddress: string
  readonly meshId: string
  readonly cluster: string
  readonly network: string
  readonly trustDomain: string
  readonly logLevel: string
  readonly resources: Record<string, unknown>
  /** No init container: the node's agent redirects traffic. */
  readonly cni: boolean
  readonly neverInject: readonly unknown[]
  readonly alwaysInject: readonly unknown[]
  /** `policy` of the ConfigMap's `config`: what happens to pods that say nothing. */
  readonly enabledByDefault: boolean
}

const DEFAULT_RESOURCES = {
  limits: { cpu: '2', memory: '1Gi' },
  requests: { cpu: '100m', memory: '128Mi' },
}

/** Reads what a control plane was installed with; `namespace` is its own. */
export function injectionConfig(api: Pick<ClusterApi, 'get'>, namespace: string, revision: string): InjectionConfig {
  const suffix = revision === 'default' ? '' : `-${revision}`
  const values = parse(textAt(api.get('configmaps', namespace, `istio-sidecar-injector${suffix}`), 'data', 'values'))
  const global = recordAt(values, 'global')
  const proxy = recordAt(global, 'proxy')
  const hub = textAt(global, 'hub') ?? 'docker.io/istio'
  const tag = String(recordAt({ global }, 'global')['tag'] ?? '1.30.3')
  const image = textAt(proxy, 'image') ?? 'proxyv2'
  return {
    revision,
    image: image.includes('/') ? image : `${hub}/${image}:${tag}`,
    discoveryAddress: `istiod${suffix}.${namespace}.svc:15012`,
    meshId: textAt(global, 'meshID') ?? 'cluster.local',
    cluster: textAt(global, 'multiCluster', 'clusterName') || 'Kubernetes',
    network: textAt(global, 'network') ?? '',
    trustDomain: textAt(values, 'meshConfig', 'trustDomain') ?? 'cluster.local',
    logLevel: textAt(proxy, 'logLevel') ?? 'warning',
    resources: isRecord(proxy['resources']) ? proxy['resources'] : DEFAULT_RESOURCES,
    cni: recordAt(values, 'pilot', 'cni')['enabled'] === true || recordAt(values, 'istio_cni')['enabled'] === true,
    neverInject: listAt(values, 'sidecarInjectorWebhook', 'neverInjectSelector'),
    alwaysInject: listAt(values, 'sidecarInjectorWebhook', 'alwaysInjectSelector'),
    enabledByDefault: true,
  }
}

/** The revision that a webhook belongs to. */
export function revisionOf(configuration: KubeObject): string {
  return configuration.metadata.labels?.['istio.io/rev'] ?? 'default'
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
