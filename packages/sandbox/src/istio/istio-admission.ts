import type { Admission, AdmissionRequest } from '../api/admission.ts'
import { StatusError } from '../api/status-error.ts'
import { listAt, recordAt, textAt } from '../json.ts'
import type { KubeObject } from '../kube-object.ts'
import type { ClusterApi } from '../store/cluster-api.ts'
import { injectSidecar, wantsSidecar } from './inject-sidecar.ts'
import { injectionConfig, revisionOf } from './injection-config.ts'
import type { InjectionConfig } from './injection-config.ts'
import { primaryOf } from './peers.ts'
import type { Peers } from './peers.ts'
import { validateIstio } from './validate-istio.ts'
import { serviceOf, webhooksFor } from './webhook-match.ts'

const MUTATING = 'admissionregistration.k8s.io/mutatingwebhookconfigurations'
const VALIDATING = 'admissionregistration.k8s.io/validatingwebhookconfigurations'
const ISTIO_GROUPS = new Set(['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io'])

/**
 * istiod's webhooks: they are called when the cluster's configurations say so, and answer when a pod of istiod is ready
 * behind the Service that they name.
 */
export function istioAdmission(api: ClusterApi, peers: Peers): Admission {
  return {
    mutate: (request) => mutate(api, peers, request),
    validate: (request) => validate(api, request),
  }
}

function mutate(api: ClusterApi, peers: Peers, { operation, resource, object }: AdmissionRequest): KubeObject {
  if (resource !== 'pods' || operation !== 'CREATE') return object
  const namespace = object.metadata.namespace ?? ''
  for (const configuration of api.list(MUTATING)) {
    const called = webhooksFor(configuration, {
      operation,
      resource,
      object,
      namespaceLabels: labelsOf(api, namespace),
    })
    for (const webhook of called) {
      if (!isInjector(webhook) || !answers(api, webhook)) continue
      const config = configOf(api, peers, webhook, revisionOf(configuration))
      return wantsSidecar(object, namespace, config) ? injectSidecar(object, namespace, config) : object
    }
  }
  return object
}

/** `/inject/cluster/CLUSTER/net/NETWORK` is asked of the istiod of another cluster, for pods of this one. */
const REMOTE_PATH = /^\/inject\/cluster\/([^/]*)\/net\/([^/]*)$/

/** @throws StatusError 500 when the istiod of another cluster does not answer. */
function configOf(api: ClusterApi, peers: Peers, webhook: Record<string, unknown>, revision: string): InjectionConfig {
  const { namespace = 'istio-system', path = '' } = serviceOf(webhook) ?? {}
  const [, cluster, network] = REMOTE_PATH.exec(path) ?? []
  if (cluster === undefined || network === undefined) return injectionConfig(api, namespace, revision)
  const primary = primaryOf(api, peers)
  if (primary === undefined) throw unanswered(webhook, 'no istiod of another cluster serves this one')
  return { ...injectionConfig(primary.api, namespace, revision), cluster, network }
}

function validate(api: ClusterApi, { operation, resource, object, subresource }: AdmissionRequest): readonly string[] {
  const group = resource.slice(0, Math.max(0, resource.lastIndexOf('/')))
  if (!ISTIO_GROUPS.has(group) || operation === 'DELETE' || subresource !== undefined) return []
  const namespace = object.metadata.namespace ?? ''
  for (const configuration of api.list(VALIDATING)) {
    const called = webhooksFor(configuration, {
      operation,
      resource,
      object,
      namespaceLabels: labelsOf(api, namespace),
    })
    const webhook = called[0]
    if (webhook === undefined || !answers(api, webhook)) continue
    const { errors, warnings } = validateIstio(object)
    if (errors.length === 0) return warnings
    const text =
      errors.length === 1
        ? errors[0]
        : `${errors.length} errors occurred:\n${errors.map((error) => `\t* ${error}\n`).join('')}\n`
    throw new StatusError(
      400,
      undefined,
      `admission webhook "${String(webhook['name'])}" denied the request: configuration is invalid: ${text}`,
    )
  }
  return []
}

/** @throws StatusError 500 when nobody is behind a webhook that must be asked. */
function answers(api: ClusterApi, webhook: Record<string, unknown>): boolean {
  const service = serviceOf(webhook)
  if (service === undefined) return true
  const { namespace, name } = service
  const slices = api.list('discovery.k8s.io/endpointslices', namespace)
  const ready = slices.some(
    (slice) =>
      slice.metadata.labels?.['kubernetes.io/service-name'] === name &&
      listAt(slice, 'endpoints').some((endpoint) => recordAt(endpoint, 'conditions')['ready'] !== false),
  )
  if (ready) return true
  if (webhook['failurePolicy'] === 'Ignore') return false
  const exists = api.get('services', namespace, name) !== undefined
  const why = exists ? `no endpoints available for service "${name}"` : `service "${name}" not found`
  throw unanswered(webhook, why)
}

function unanswered(webhook: Record<string, unknown>, why: string): StatusError {
  const { namespace, name, path } = serviceOf(webhook) ?? { namespace: '', name: '', path: '' }
  return new StatusError(
    500,
    'InternalError',
    `Internal error occurred: failed calling webhook "${String(webhook['name'])}": failed to call webhook: Post "https://${name}.${namespace}.svc:443${path}?timeout=${String(webhook['timeoutSeconds'] ?? 10)}s": ${why}`,
    { causes: [{ message: `failed calling webhook "${String(webhook['name'])}": failed to call webhook: ${why}` }] },
  )
}

function isInjector(webhook: Record<string, unknown>): boolean {
  return (textAt(webhook, 'name') ?? '').endsWith('sidecar-injector.istio.io')
}

function labelsOf(api: ClusterApi, namespace: string): Readonly<Record<string, string>> {
  return api.get('namespaces', undefined, namespace)?.metadata.labels ?? {}
}
