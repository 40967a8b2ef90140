import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import { matchesLabelSelector } from '../selectors/label-selector.ts'
import type { InjectionConfig } from './injection-config.ts'

const INJECT = 'sidecar.istio.io/inject'
const TEMPLATES = 'inject.istio.io/templates'
const IGNORED_NAMESPACES = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])
const TRUE = new Set(['y', 'yes', 'true', 'on'])
const FALSE = new Set(['n', 'no', 'false', 'off'])
const PROXY_USER = 1337

const VOLUMES: readonly (readonly [name: string, path: string, source: Record<string, unknown>])[] = [
  ['workload-socket', '/var/run/secrets/workload-spiffe-uds', { emptyDir: {} }],
  ['credential-socket', '/var/run/secrets/credential-uds', { emptyDir: {} }],
  ['workload-certs', '/var/run/secrets/workload-spiffe-credentials', { emptyDir: {} }],
  ['istio-envoy', '/etc/istio/proxy', { emptyDir: { medium: 'Memory' } }],
  ['istio-data', '/var/lib/istio/data', { emptyDir: {} }],
  [
    'istio-podinfo',
    '/etc/istio/pod',
    {
      downwardAPI: {
        defaultMode: 420,
        items: ['labels', 'annotations'].map((path) => ({
          fieldRef: { apiVersion: 'v1', fieldPath: `metadata.${path}` },
          path,
        })),
      },
    },
  ],
  [
    'istio-token',
    '/var/run/secrets/tokens',
    {
      projected: {
        defaultMode: 420,
        sources: [{ serviceAccountToken: { audience: 'istio-ca', expirationSeconds: 43_200, path: 'istio-token' } }],
      },
    },
  ],
  ['istiod-ca-cert', '/var/run/secrets/istio', { configMap: { defaultMode: 420, name: 'istio-ca-root-cert' } }],
  [
    'istio-ca-crl',
    '/var/run/secrets/istio/crl',
    { configMap: { defaultMode: 420, name: 'istio-ca-crl', optional: true } },
  ],
]

/**
 * Whether istiod puts a proxy into a pod that its webhook was called for.
 * Source: https://istio.io/latest/docs/ops/configuration/mesh/injection-concepts/
 */
export function wantsSidecar(pod: KubeObject, namespace: string, config: InjectionConfig): boolean {
  if (recordAt(pod, 'spec')['hostNetwork'] === true || IGNORED_NAMESPACES.has(namespace)) return false
  const labels = pod.metadata.labels ?? {}
  // A label wins over the older annotation.
  const own = (labels[INJECT] ?? pod.metadata.annotations?.[INJECT] ?? '').toLowerCase()
  if (TRUE.has(own)) return true
  if (FALSE.has(own)) return false
  if (config.neverInject.some((selector) => matchesLabelSelector(selector, labels))) return false
  if (config.alwaysInject.some((selector) => matchesLabelSelector(selector, labels))) return true
  return config.enabledByDefault
}

/** The pod with the proxy of Istio's template in it: a sidecar, or the whole pod of a gateway. */
export function injectSidecar(pod: KubeObject, namespace: string, config: InjectionConfig): KubeObject {
  const spec = recordAt(pod, 'spec')
  const containers = listAt(spec, 'containers').filter(isRecord)
  const isGateway = pod.metadata.annotations?.[TEMPLATES] === 'gateway'
  const others = containers.filter((container) => container['name'] !== 'istio-proxy')
  const given = containers.find((container) => container['name'] === 'istio-proxy')
  const image = pod.metadata.annotations?.['sidecar.istio.io/proxyImage'] ?? config.image
  const proxy = proxyContainer(pod, namespace, config, { image, isGateway, apps: others, given })
  const init = isGateway || config.cni ? [] : [initContainer(image, config)]
  const labels = pod.metadata.labels ?? {}
  const name =
    labels['service.istio.io/canonical-name'] ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? workloadName(pod)
  const version =
    labels['service.istio.io/canonical-revision'] ??
    labels['app.kubernetes.io/version'] ??
    labels['version'] ??
    'latest'
  const first = textAt(others[0], 'name')
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: {
        ...labels,
        'security.istio.io/tlsMode': 'istio',
        'service.istio.io/canonical-name': name,
        'service.istio.io/canonical-revision': version,
        ...(config.network === '' ? {} : { 'topology.istio.io/network': config.network }),
      },
      annotations: {
        ...pod.metadata.annotations,
        'istio.io/rev': config.revision,
        ...(first === undefined || isGateway
          ? {}
          : {
              'kubectl.kubernetes.io/default-container': first,
              'kubectl.kubernetes.io/default-logs-container': first,
            }),
        'prometheus.io/path': '/stats/prometheus',
        'prometheus.io/port': '15020',
        'prometheus.io/scrape': 'true',
        'sidecar.istio.io/status': JSON.stringify({
          initContainers: init.length === 0 ? null : ['istio-init'],
          containers: ['istio-proxy'],
          volumes: VOLUMES.map(([volume]) => volume),
          imagePullSecrets: null,
          revision: config.revision,
        }),
      },
    },
    spec: {
      ...spec,
      containers: [...others, proxy],
      ...(init.length + listAt(spec, 'initContainers').length > 0
        ? { initContainers: [...init, ...listAt(spec, 'initContainers')] }
        : {}),
      volumes: [...VOLUMES.map(([volume, , source]) => ({ name: volume, ...source })), ...listAt(spec, 'volumes')],
    },
  }
}

interface ProxyOptions {
  readonly image: string
  readonly isGateway: boolean
  readonly apps: readonly Record<string, unknown>[]
  /** What the pod's author wrote of the proxy itself. */
  readonly given: Record<string, unknown> | undefined
}

function proxyContainer(
  pod: KubeObject,
  namespace: string,
  config: InjectionConfig,
  { image, isGateway, apps, given }: ProxyOptions,
): Record<string, unknown> {
  const annotations = pod.metadata.annotations ?? {}
  const field = (name: string, fieldPath: string): Record<string, unknown> => ({
    name,
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } },
  })
  const workload = workloadName(pod)
  const ports = apps.flatMap((container) => listAt(container, 'ports'))
  return {
    args: [
      'proxy',
      isGateway ? 'router' : 'sidecar',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      `--proxyLogLevel=${annotations['sidecar.istio.io/logLevel'] ?? config.logLevel}`,
      '--proxyComponentLogLevel=misc:error',
      '--log_output_level=default:info',
    ],
    readinessProbe: {
      failureThreshold: 4,
      httpGet: { path: '/healthz/ready', port: 15_021, scheme: 'HTTP' },
      periodSeconds: 15,
      successThreshold: 1,
      timeoutSeconds: 3,
    },
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...given,
    name: 'istio-proxy',
    image: given?.['image'] === undefined || given['image'] === 'auto' ? image : given['image'],
    env: [
      { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
      { name: 'CA_ADDR', value: config.discoveryAddress },
      field('POD_NAME', 'metadata.name'),
      field('POD_NAMESPACE', 'metadata.namespace'),
      field('INSTANCE_IP', 'status.podIP'),
      field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
      field('HOST_IP', 'status.hostIP'),
      { name: 'PROXY_CONFIG', value: '{}\n' },
      { name: 'ISTIO_META_POD_PORTS', value: JSON.stringify(ports) },
      { name: 'ISTIO_META_APP_CONTAINERS', value: apps.map((container) => textAt(container, 'name')).join(',') },
      field('ISTIO_META_NODE_NAME', 'spec.nodeName'),
      { name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT' },
      { name: 'ISTIO_META_WORKLOAD_NAME', value: workload },
      {
        name: 'ISTIO_META_OWNER',
        value: `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${workload}`,
      },
      { name: 'ISTIO_META_MESH_ID', value: config.meshId },
      { name: 'TRUST_DOMAIN', value: config.trustDomain },
      { name: 'ISTIO_META_CLUSTER_ID', value: config.cluster },
      ...(config.network === '' ? [] : [{ name: 'ISTIO_META_NETWORK', value: config.network }]),
      ...listAt(given, 'env'),
    ],
    ports: [{ containerPort: 15_090, name: 'http-envoy-prom', protocol: 'TCP' }, ...listAt(given, 'ports')],
    resources: resourcesOf(annotations, recordAt(given, 'resources'), config),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: PROXY_USER,
      runAsNonRoot: true,
      runAsUser: PROXY_USER,
    },
    volumeMounts: VOLUMES.map(([volume, mountPath]) => ({ mountPath, name: volume })),
  }
}

function initContainer(image: string, config: InjectionConfig): Record<string, unknown> {
  return {
    args: [
      'istio-iptables',
      '-p',
      '15001',
      '-z',
      '15006',
      '-u',
      String(PROXY_USER),
      '-m',
      'REDIRECT',
      '-i',
      '*',
      '-x',
      '',
      '-b',
      '*',
      '-d',
      '15090,15021,15020',
      '--log_output_level=default:info',
    ],
    image,
    imagePullPolicy: 'IfNotPresent',
    name: 'istio-init',
    resources: config.resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: false,
      runAsGroup: 0,
      runAsNonRoot: false,
      runAsUser: 0,
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  }
}

/** An annotation replaces the defaults of its kind altogether, as in Istio's template. */
function resourcesOf(
  annotations: Readonly<Record<string, string>>,
  given: Record<string, unknown>,
  config: InjectionConfig,
): Record<string, unknown> {
  if (Object.keys(given).length > 0) return given
  const pick = (cpu: string, memory: string): Record<string, string> => ({
    ...(annotations[cpu] === undefined ? {} : { cpu: annotations[cpu] }),
    ...(annotations[memory] === undefined ? {} : { memory: annotations[memory] }),
  })
  const requests = pick('sidecar.istio.io/proxyCPU', 'sidecar.istio.io/proxyMemory')
  const limits = pick('sidecar.istio.io/proxyCPULimit', 'sidecar.istio.io/proxyMemoryLimit')
  if (Object.keys(requests).length + Object.keys(limits).length === 0) return config.resources
  return {
    ...(Object.keys(requests).length > 0 ? { requests } : {}),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  }
}

/** The name of the Deployment behind a ReplicaSet's pod, or of whatever made it. */
function workloadName(pod: KubeObject): string {
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.controller === true)
  if (owner === undefined) return pod.metadata.name
  const hash = pod.metadata.labels?.['pod-template-hash']
  return owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)
    ? owner.name.slice(0, -hash.length - 1)
    : owner.name
}
