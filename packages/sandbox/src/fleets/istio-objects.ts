/** An Istio as Helm installs it: what a console and its webhooks see of one. */
import type { KubeObject } from '../kube-object.ts'

const NAMESPACE = 'istio-system'
const HUB = 'docker.io/istio'

export interface IstioInstallation {
  readonly version: string
  readonly cluster: string
  readonly meshId: string
  readonly network: string
  /** Names of ingress and egress gateways. */
  readonly gateways: readonly string[]
}

export function istioObjects({
  version,
  cluster,
  meshId,
  network,
  gateways,
}: IstioInstallation): readonly KubeObject[] {
  const labels = {
    'istio.io/rev': 'default',
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/version': version,
  }
  const values = {
    global: {
      hub: HUB,
      tag: version,
      meshID: meshId,
      network,
      multiCluster: { clusterName: cluster },
      proxy: { image: 'proxyv2' },
    },
  }
  const config = { defaultConfig: {}, outboundTrafficPolicy: { mode: 'ALLOW_ANY' }, trustDomain: 'cluster.local' }
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { 'topology.istio.io/network': network } },
    },
    configMap('istio', { mesh: JSON.stringify(config), meshNetworks: '{}' }),
    configMap('istio-sidecar-injector', { values: JSON.stringify(values), config: '{}' }),
    ...serviceWorkload({
      namespace: NAMESPACE,
      name: 'istiod',
      labels: { app: 'istiod', istio: 'pilot', ...labels },
      // It cannot inject itself.
      template: { labels: { 'sidecar.istio.io/inject': 'false' }, annotations: {} },
      container: { name: 'discovery', image: `${HUB}/pilot:${version}` },
      ports: [
        { name: 'grpc-xds', port: 15_010 },
        { name: 'https-dns', port: 15_012 },
        { name: 'https-webhook', port: 443, targetPort: 15_017 },
        { name: 'http-monitoring', port: 15_014 },
      ],
    }),
    webhookConfiguration('MutatingWebhookConfiguration', 'istio-sidecar-injector', injectors(), labels),
    webhookConfiguration(
      'ValidatingWebhookConfiguration',
      'istio-validator-istio-system',
      [validator('rev.validation.istio.io')],
      labels,
    ),
    webhookConfiguration(
      'ValidatingWebhookConfiguration',
      'istiod-default-validator',
      [validator('validation.istio.io')],
      labels,
    ),
    ...gateways.flatMap((name) =>
      serviceWorkload({
        namespace: NAMESPACE,
        name,
        labels: { app: name, istio: name.replace('istio-', '') },
        template: {
          labels: { 'sidecar.istio.io/inject': 'true' },
          annotations: { 'inject.istio.io/templates': 'gateway' },
        },
        container: { name: 'istio-proxy', image: 'auto' },
        type: name.includes('egress') ? 'ClusterIP' : 'LoadBalancer',
        ports: [
          { name: 'status-port', port: 15_021 },
          { name: 'http2', port: 80, targetPort: 8_080 },
          { name: 'https', port: 443, targetPort: 8_443 },
        ],
      }),
    ),
  ]
}

interface ServiceWorkload {
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly template?: {
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly container: { readonly name: string; readonly image: string }
  readonly type?: string
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort?: number }[]
}

function serviceWorkload({
  namespace,
  name,
  labels,
  template,
  container,
  type,
  ports,
}: ServiceWorkload): readonly KubeObject[] {
  const selector = { app: labels['app'] ?? name }
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

function configMap(name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, data }
}

function webhookConfiguration(
  kind: string,
  name: string,
  webhooks: readonly unknown[],
  labels: Record<string, string>,
): KubeObject {
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name, labels }, webhooks }
}

/** The four ways in which a pod asks for a sidecar. Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/ */
function injectors(): readonly unknown[] {
  const expression = (key: string, operator: string, values?: readonly string[]): unknown => ({
    key,
    operator,
    ...(values === undefined ? {} : { values }),
  })
  const notRefused = expression('sidecar.istio.io/inject', 'NotIn', ['false'])
  const noLabels = [expression('istio-injection', 'DoesNotExist'), expression('istio.io/rev', 'DoesNotExist')]
  const webhook = (name: string, namespace: readonly unknown[], object: readonly unknown[]): unknown => ({
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig: { service: { namespace: NAMESPACE, name: 'istiod', path: '/inject', port: 443 } },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    namespaceSelector: { matchExpressions: namespace },
    objectSelector: { matchExpressions: object },
  })
  return [
    webhook(
      'rev.namespace',
      [expression('istio.io/rev', 'In', ['default']), expression('istio-injection', 'DoesNotExist')],
      [notRefused],
    ),
    webhook('rev.object', noLabels, [notRefused, expression('istio.io/rev', 'In', ['default'])]),
    webhook('namespace', [expression('istio-injection', 'In', ['enabled'])], [notRefused]),
    webhook('object', noLabels, [
      expression('sidecar.istio.io/inject', 'In', ['true']),
      expression('istio.io/rev', 'DoesNotExist'),
    ]),
  ]
}

function validator(name: string): unknown {
  return {
    name,
    clientConfig: { service: { namespace: NAMESPACE, name: 'istiod', path: '/validate', port: 443 } },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    rules: [
      {
        apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
        apiVersions: ['*'],
        operations: ['CREATE', 'UPDATE'],
        resources: ['*'],
      },
    ],
  }
}
