import type { KubeResource } from '@meshdeck/kube'

/**
 * The MutatingWebhookConfigurations that Istio's charts render, for tests.
 * Source: manifests/charts/istio-control/istio-discovery/templates/{mutatingwebhook,revision-tags-mwc}.yaml (Istio 1.31).
 */
export function webhooksOfRevision(revision: string, enableNamespacesByDefault = false): KubeResource {
  const isDefault = revision === 'default'
  const name = isDefault ? 'istio-sidecar-injector' : `istio-sidecar-injector-${revision}`
  const labels = { 'istio.io/rev': revision, app: 'sidecar-injector' }
  return configuration(name, labels, revision, isDefault, enableNamespacesByDefault)
}

/** A revision tag; the tag `default` takes the plain labels over. */
export function webhooksOfTag(tag: string, revision: string): KubeResource {
  const labels = { 'istio.io/tag': tag, 'istio.io/rev': revision, app: 'sidecar-injector' }
  return configuration(`istio-revision-tag-${tag}`, labels, tag, tag === 'default', false)
}

const present = (key: string, operator: string, ...values: string[]): object =>
  values.length === 0 ? { key, operator } : { key, operator, values }
const notDisabled = present('sidecar.istio.io/inject', 'NotIn', 'false')
const noPolicy = present('istio-injection', 'DoesNotExist')
const noRevision = present('istio.io/rev', 'DoesNotExist')

function configuration(
  name: string,
  labels: Record<string, string>,
  revision: string,
  plain: boolean,
  auto: boolean,
): KubeResource {
  const webhooks = [
    webhook('rev.namespace', [present('istio.io/rev', 'In', revision), noPolicy], [notDisabled]),
    webhook('rev.object', [noRevision, noPolicy], [notDisabled, present('istio.io/rev', 'In', revision)]),
  ]
  if (plain) {
    webhooks.push(
      webhook('namespace', [present('istio-injection', 'In', 'enabled')], [notDisabled]),
      webhook('object', [noPolicy, noRevision], [present('sidecar.istio.io/inject', 'In', 'true'), noRevision]),
    )
  }
  if (plain && auto) {
    const system = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']
    webhooks.push(
      webhook(
        'auto',
        [noPolicy, noRevision, present('kubernetes.io/metadata.name', 'NotIn', ...system)],
        [present('sidecar.istio.io/inject', 'DoesNotExist'), noRevision],
      ),
    )
  }
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name, labels },
    webhooks,
  }
}

function webhook(prefix: string, namespaceExpressions: object[], objectExpressions: object[]): object {
  return {
    name: `${prefix}.sidecar-injector.istio.io`,
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    namespaceSelector: { matchExpressions: namespaceExpressions },
    objectSelector: { matchExpressions: objectExpressions },
  }
}
