import { isRecord, listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'

type Fields = Record<string, unknown>

/** What the API server fills in for built-in kinds. Source: the defaulting functions of k8s.io/kubernetes/pkg/apis. */
const DEFAULTS: Readonly<Record<ResourceKey, (object: KubeObject) => KubeObject>> = {
  pods: (object) => inSpec(object, podSpec),
  services: (object) => inSpec(object, serviceSpec),
  secrets: foldStringData,
  'apps/deployments': (object) =>
    inSpec(object, (spec) =>
      withTemplate({
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        ...withoutFalse(spec, 'paused'),
        strategy: strategy(recordAt(spec, 'strategy')),
      }),
    ),
  'apps/replicasets': (object) => inSpec(object, (spec) => withTemplate({ replicas: 1, ...spec })),
  'apps/statefulsets': (object) =>
    inSpec(object, (spec) =>
      withTemplate({
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        ...spec,
        updateStrategy: {
          type: 'RollingUpdate',
          ...(recordAt(spec, 'updateStrategy')['type'] === 'OnDelete' ? {} : { rollingUpdate: { partition: 0 } }),
          ...recordAt(spec, 'updateStrategy'),
        },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      }),
    ),
  'apps/daemonsets': (object) =>
    inSpec(object, (spec) =>
      withTemplate({
        revisionHistoryLimit: 10,
        ...spec,
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
          ...recordAt(spec, 'updateStrategy'),
        },
      }),
    ),
  'batch/jobs': (object) =>
    inSpec(object, (spec) =>
      withTemplate({ completions: 1, parallelism: 1, backoffLimit: 6, suspend: false, ...spec }),
    ),
  'rbac.authorization.k8s.io/clusterrolebindings': bindingDefaults,
  'rbac.authorization.k8s.io/rolebindings': bindingDefaults,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': webhookDefaults,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': webhookDefaults,
}

/** The object as the API server would store it; kinds without defaults come back as they are. */
export function withBuiltinDefaults(resource: ResourceKey, object: KubeObject): KubeObject {
  return DEFAULTS[resource]?.(object) ?? object
}

function inSpec(object: KubeObject, change: (spec: Fields) => Fields): KubeObject {
  return isRecord(object.spec) ? { ...object, spec: change(object.spec) } : object
}

function withTemplate(spec: Fields): Fields {
  const template = spec['template']
  if (!isRecord(template) || !isRecord(template['spec'])) return spec
  return { ...spec, template: { ...template, spec: podSpec(template['spec']) } }
}

/** A flag that is not set is not written. */
function withoutFalse(spec: Fields, flag: string): Fields {
  return spec[flag] === false ? Object.fromEntries(Object.entries(spec).filter(([name]) => name !== flag)) : spec
}

function strategy(given: Fields): Fields {
  if (given['type'] === 'Recreate') return given
  return {
    type: 'RollingUpdate',
    ...given,
    rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...recordAt(given, 'rollingUpdate') },
  }
}

function podSpec(spec: Fields): Fields {
  const account = spec['serviceAccountName'] ?? spec['serviceAccount']
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    ...spec,
    securityContext: recordAt(spec, 'securityContext'),
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
    containers: listAt(spec, 'containers').map(container),
    ...(Array.isArray(spec['initContainers']) ? { initContainers: spec['initContainers'].map(container) } : {}),
  }
}

function container(given: unknown): unknown {
  if (!isRecord(given)) return given
  const image = String(given['image'] ?? '')
  const tag = image
    .slice(image.lastIndexOf('/') + 1)
    .split('@')[0]
    ?.split(':')[1]
  const always = !image.includes('@') && (tag === undefined || tag === 'latest')
  return {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: always ? 'Always' : 'IfNotPresent',
    resources: {},
    ...given,
    ...(Array.isArray(given['ports'])
      ? {
          ports: given['ports'].map((port) =>
            isRecord(port) ? { ...port, protocol: port['protocol'] ?? 'TCP' } : port,
          ),
        }
      : {}),
    ...Object.fromEntries(
      ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) => {
        const probe = given[name]
        return isRecord(probe) ? [[name, probeDefaults(probe)]] : []
      }),
    ),
  }
}

function probeDefaults(probe: Fields): Fields {
  const http = probe['httpGet']
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
    ...(isRecord(http) ? { httpGet: { path: '/', scheme: 'HTTP', ...http } } : {}),
  }
}

function serviceSpec(spec: Fields): Fields {
  const type = spec['type'] ?? 'ClusterIP'
  const external = type === 'ExternalName'
  return {
    sessionAffinity: 'None',
    ...spec,
    type,
    ...(external ? {} : { internalTrafficPolicy: spec['internalTrafficPolicy'] ?? 'Cluster' }),
    ...(type === 'LoadBalancer'
      ? { allocateLoadBalancerNodePorts: spec['allocateLoadBalancerNodePorts'] ?? true }
      : {}),
    ...(type === 'LoadBalancer' || type === 'NodePort'
      ? { externalTrafficPolicy: spec['externalTrafficPolicy'] ?? 'Cluster' }
      : {}),
    ...(Array.isArray(spec['ports'])
      ? {
          ports: spec['ports'].map((port) =>
            isRecord(port)
              ? { ...port, protocol: port['protocol'] ?? 'TCP', targetPort: port['targetPort'] ?? port['port'] }
              : port,
          ),
        }
      : {}),
  }
}

/** `stringData` is for writers only: it is kept as base64 in `data`. */
function foldStringData(object: KubeObject): KubeObject {
  const type = textAt(object, 'type') ?? 'Opaque'
  const { stringData, ...rest } = object
  if (!isRecord(stringData)) return { ...rest, type }
  const encoded = Object.entries(stringData).map(([name, value]) => [
    name,
    Buffer.from(String(value)).toString('base64'),
  ])
  return { ...rest, type, data: { ...recordAt(object, 'data'), ...Object.fromEntries(encoded) } }
}

const RBAC = 'rbac.authorization.k8s.io'

function bindingDefaults(object: KubeObject): KubeObject {
  const roleRef = recordAt(object, 'roleRef')
  return {
    ...object,
    roleRef: { ...roleRef, apiGroup: roleRef['apiGroup'] ?? RBAC },
    ...(Array.isArray(object['subjects'])
      ? {
          subjects: object['subjects'].map((subject) =>
            isRecord(subject) && subject['kind'] !== 'ServiceAccount'
              ? { ...subject, apiGroup: subject['apiGroup'] ?? RBAC }
              : subject,
          ),
        }
      : {}),
  }
}

function webhookDefaults(object: KubeObject): KubeObject {
  if (!Array.isArray(object['webhooks'])) return object
  return {
    ...object,
    webhooks: object['webhooks'].map((webhook) =>
      isRecord(webhook)
        ? {
            failurePolicy: 'Fail',
            matchPolicy: 'Equivalent',
            namespaceSelector: {},
            objectSelector: {},
            timeoutSeconds: 10,
            ...(object.kind === 'MutatingWebhookConfiguration' ? { reinvocationPolicy: 'Never' } : {}),
            ...webhook,
            clientConfig: clientConfig(recordAt(webhook, 'clientConfig')),
            rules: listAt(webhook, 'rules').map((rule) =>
              isRecord(rule) ? { ...rule, scope: rule['scope'] ?? '*' } : rule,
            ),
          }
        : webhook,
    ),
  }
}

function clientConfig(config: Fields): Fields {
  return isRecord(config['service']) ? { ...config, service: { port: 443, ...config['service'] } } : config
}
