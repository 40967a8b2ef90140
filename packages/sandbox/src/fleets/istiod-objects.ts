/** istiod of one revision, as its chart installs it: what a console and its webhooks see of it. */
import { isRecord, recordAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { serviceWorkload } from './service-workload.ts'

export interface IstiodInstallation {
  readonly version: string
  /** `default`, or the suffix of all its names. */
  readonly revision: string
  readonly namespace: string
  /** Helm values: `global`, `meshConfig`, `pilot`. */
  readonly values: Readonly<Record<string, unknown>>
  readonly managedBy: string
}

const HUB = 'docker.io/istio'
const MESH_CONFIG = { defaultConfig: {}, outboundTrafficPolicy: { mode: 'ALLOW_ANY' }, trustDomain: 'cluster.local' }

export function istiodObjects({
  version,
  revision,
  namespace,
  values,
  managedBy,
}: IstiodInstallation): readonly KubeObject[] {
  const suffix = revision === 'default' ? '' : `-${revision}`
  const labels = {
    'istio.io/rev': revision,
    'app.kubernetes.io/managed-by': managedBy,
    'app.kubernetes.io/version': version,
  }
  const given = recordAt(values, 'global')
  const global = { hub: HUB, tag: version, ...given, proxy: { image: 'proxyv2', ...recordAt(given, 'proxy') } }
  const all = { ...values, global }
  const resources = recordAt(values, 'pilot')['resources']
  if (recordAt(values, 'istiodRemote')['enabled'] === true) {
    return remoteObjects({ version, revision, namespace, values, managedBy }, labels)
  }
  return [
    ...readerObjects(namespace, labels),
    configMap(namespace, `istio${suffix}`, labels, {
      mesh: JSON.stringify({ ...MESH_CONFIG, ...recordAt(values, 'meshConfig') }),
      meshNetworks: JSON.stringify({ networks: recordAt(given, 'meshNetworks') }),
    }),
    configMap(namespace, `istio-sidecar-injector${suffix}`, labels, { values: JSON.stringify(all), config: '{}' }),
    ...serviceWorkload({
      namespace,
      name: `istiod${suffix}`,
      labels: { app: 'istiod', istio: 'pilot', ...labels },
      // It cannot inject itself.
      template: { labels: { 'sidecar.istio.io/inject': 'false' }, annotations: {} },
      selector: { app: 'istiod', 'istio.io/rev': revision },
      container: {
        name: 'discovery',
        image: `${String(global.hub)}/pilot:${String(global.tag)}`,
        ...(isRecord(resources) ? { resources } : {}),
      },
      ports: [
        { name: 'grpc-xds', port: 15_010 },
        { name: 'https-dns', port: 15_012 },
        { name: 'https-webhook', port: 443, targetPort: 15_017 },
        { name: 'http-monitoring', port: 15_014 },
      ],
    }),
    injector(`istio-sidecar-injector${suffix}${ofNamespace(namespace)}`, {
      revision,
      namespace,
      labels,
      byDefault: recordAt(values, 'sidecarInjectorWebhook')['enableNamespacesByDefault'] === true,
    }),
    webhookConfiguration(
      'ValidatingWebhookConfiguration',
      `istio-validator${suffix}-${namespace}`,
      [validator('rev.validation.istio.io', `istiod${suffix}`, namespace)],
      labels,
    ),
    // The first control plane of a cluster checks what belongs to no revision.
    ...(revision === 'default'
      ? [
          webhookConfiguration(
            'ValidatingWebhookConfiguration',
            'istiod-default-validator',
            [validator('validation.istio.io', 'istiod', namespace)],
            labels,
          ),
        ]
      : []),
  ]
}

/** What a cluster has whose pods are served by the istiod of another one: a way to it, and its injector. */
function remoteObjects(
  { revision, namespace, values }: IstiodInstallation,
  labels: Readonly<Record<string, string>>,
): readonly KubeObject[] {
  const name = `istiod${revision === 'default' ? '' : `-${revision}`}`
  const address = String(recordAt(values, 'global')['remotePilotAddress'] ?? '')
  const isIp = /^[\d.]+$|:/.test(address)
  const path = recordAt(values, 'istiodRemote')['injectionPath']
  const ports = [
    { name: 'tcp-istiod', port: 15_012, protocol: 'TCP' },
    { name: 'tcp-webhook', port: 443, targetPort: 15_017, protocol: 'TCP' },
  ]
  return [
    ...readerObjects(namespace, labels),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { ports, ...(isIp ? {} : { type: 'ExternalName', externalName: address }) },
    },
    ...(isIp
      ? [
          {
            apiVersion: 'discovery.k8s.io/v1',
            kind: 'EndpointSlice',
            metadata: { name, namespace, labels: { ...labels, 'kubernetes.io/service-name': name } },
            addressType: address.includes(':') ? 'IPv6' : 'IPv4',
            endpoints: [{ addresses: [address] }],
            ports: [
              { name: 'tcp-istiod', port: 15_012, protocol: 'TCP' },
              { name: 'tcp-webhook', port: 15_017, protocol: 'TCP' },
            ],
          },
        ]
      : []),
    injector(`istio-sidecar-injector${revision === 'default' ? '' : `-${revision}`}${ofNamespace(namespace)}`, {
      revision,
      namespace,
      labels,
      byDefault: recordAt(values, 'sidecarInjectorWebhook')['enableNamespacesByDefault'] === true,
      ...(typeof path === 'string' ? { path } : {}),
    }),
  ]
}

/** The account that istiods of other clusters read this one by. Source: Istio's chart `base`, reader-serviceaccount.yaml. */
function readerObjects(namespace: string, labels: Readonly<Record<string, string>>): readonly KubeObject[] {
  const role = `istio-reader-clusterrole-${namespace}`
  const metadata = { name: 'istio-reader-service-account', namespace }
  const rbac = 'rbac.authorization.k8s.io'
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata, labels } },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: role, labels },
      rules: [
        {
          apiGroups: [''],
          resources: ['endpoints', 'pods', 'services', 'nodes', 'replicationcontrollers', 'namespaces', 'configmaps'],
          verbs: ['get', 'list', 'watch'],
        },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['get', 'list', 'watch'] },
      ],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: role, labels },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
  ]
}

/** The injector of a tag: another name under which a revision takes pods. */
export function tagInjector(tag: string, revision: string, namespace: string): KubeObject {
  const labels = { 'istio.io/rev': revision, 'istio.io/tag': tag }
  return injector(`istio-revision-tag-${tag}${ofNamespace(namespace)}`, { revision, tag, namespace, labels })
}

interface Injector {
  readonly revision: string
  readonly tag?: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  /** Pods that say nothing, in namespaces that say nothing, get a sidecar too. */
  readonly byDefault?: boolean
  readonly path?: string
}

function injector(
  name: string,
  { revision, tag = revision, namespace, labels, byDefault, path = '/inject' }: Injector,
): KubeObject {
  const service = revision === 'default' ? 'istiod' : `istiod-${revision}`
  return webhookConfiguration(
    'MutatingWebhookConfiguration',
    name,
    injectors(tag, { service: { namespace, name: service, path, port: 443 } }, byDefault === true),
    labels,
  )
}

function ofNamespace(namespace: string): string {
  return namespace === 'istio-system' ? '' : `-${namespace}`
}

function configMap(
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  data: Record<string, string>,
): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data }
}

function webhookConfiguration(
  kind: string,
  name: string,
  webhooks: readonly unknown[],
  labels: Readonly<Record<string, string>>,
): KubeObject {
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name, labels }, webhooks }
}

/** The four ways in which a pod asks for a sidecar. Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/ */
function injectors(tag: string, clientConfig: unknown, byDefault: boolean): readonly unknown[] {
  const expression = (key: string, operator: string, values?: readonly string[]): unknown => ({
    key,
    operator,
    ...(values === undefined ? {} : { values }),
  })
  const notRefused = expression('sidecar.istio.io/inject', 'NotIn', ['false'])
  const noLabels = [expression('istio-injection', 'DoesNotExist'), expression('istio.io/rev', 'DoesNotExist')]
  const webhook = (name: string, namespaces: readonly unknown[], objects: readonly unknown[]): unknown => ({
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    namespaceSelector: { matchExpressions: namespaces },
    objectSelector: { matchExpressions: objects },
  })
  const byRevision = [
    webhook(
      'rev.namespace',
      [expression('istio.io/rev', 'In', [tag]), expression('istio-injection', 'DoesNotExist')],
      [notRefused],
    ),
    webhook('rev.object', noLabels, [notRefused, expression('istio.io/rev', 'In', [tag])]),
  ]
  if (tag !== 'default') return byRevision
  return [
    ...byRevision,
    webhook('namespace', [expression('istio-injection', 'In', ['enabled'])], [notRefused]),
    webhook('object', noLabels, [
      expression('sidecar.istio.io/inject', 'In', ['true']),
      expression('istio.io/rev', 'DoesNotExist'),
    ]),
    ...(byDefault
      ? [
          webhook(
            'auto',
            [...noLabels, expression('kubernetes.io/metadata.name', 'NotIn', NEVER_INJECTED)],
            [expression('sidecar.istio.io/inject', 'DoesNotExist'), expression('istio.io/rev', 'DoesNotExist')],
          ),
        ]
      : []),
  ]
}

const NEVER_INJECTED = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']

function validator(name: string, service: string, namespace: string): unknown {
  return {
    name,
    clientConfig: { service: { namespace, name: service, path: '/validate', port: 443 } },
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
