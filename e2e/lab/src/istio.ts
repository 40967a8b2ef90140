import { namespaceObject } from './objects.ts'
import type { KubeObject } from './objects.ts'
import { runCommand } from './run-command.ts'
import type { BinState, ClusterState } from './state.ts'
import { IMAGE_HUB } from './versions.ts'

/** The objects of an Istio installation, in the order in which they have to be created. */
export interface IstioObjects {
  readonly definitions: readonly KubeObject[]
  /** Everything that istiod needs before it starts. */
  readonly installation: readonly KubeObject[]
  /** Created once istiod answers, or each write would wait for nobody. */
  readonly webhooks: readonly KubeObject[]
}

/**
 * Renders Istio's default profile by istioctl, and points its webhooks at the istiod process: the
 * API server cannot reach a Service here, since there is no network of pods.
 */
export async function renderIstio(bin: BinState, cluster: ClusterState): Promise<IstioObjects> {
  const { namespace, version } = cluster.istio
  const values = {
    'values.global.hub': `${IMAGE_HUB}/istio`,
    'values.global.tag': version,
    'values.global.meshID': `mesh-${cluster.name}`,
    'values.global.multiCluster.clusterName': cluster.name,
    'values.global.network': `network-${cluster.name}`,
    // Nothing measures pods here, so an autoscaler could only complain.
    'values.pilot.autoscaleEnabled': 'false',
    'values.gateways.istio-ingressgateway.autoscaleEnabled': 'false',
  }
  const settings = Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const manifests = await runCommand(bin.istioctl, ['manifest', 'generate', ...settings])
  const objects = JSON.parse(await runCommand(bin.istio, ['json'], { input: manifests })) as KubeObject[]

  const isDefinition = ({ kind }: KubeObject): boolean => kind === 'CustomResourceDefinition'
  const isWebhook = ({ kind }: KubeObject): boolean => kind.endsWith('WebhookConfiguration')
  const webhooks = objects.filter(isWebhook)
  return {
    definitions: objects.filter(isDefinition),
    installation: [
      namespaceObject(namespace, { 'topology.istio.io/network': `network-${cluster.name}` }),
      ...objects.filter((object) => !isDefinition(object) && !isWebhook(object)),
    ],
    webhooks: [...webhooks, ...defaultValidator(webhooks)].map((webhook) => callByAddress(webhook, cluster)),
  }
}

interface Webhook {
  readonly name: string
  readonly clientConfig: { readonly service?: { readonly path?: string } }
  readonly objectSelector?: { readonly matchExpressions?: readonly unknown[] }
}

/**
 * The validator for objects without a revision label, which is nearly all. istioctl leaves it to
 * another chart, and without it istiod would refuse nothing. It is the revision's validator, turned
 * to the objects that have no revision.
 */
function defaultValidator(webhooks: readonly KubeObject[]): KubeObject[] {
  return webhooks
    .filter(({ kind }) => kind === 'ValidatingWebhookConfiguration')
    .map((validator) => ({
      ...validator,
      metadata: {
        ...validator.metadata,
        name: 'istiod-default-validator',
        labels: { ...validator.metadata.labels, 'istio.io/tag': 'default' },
      },
      webhooks: webhooksOf(validator).map((webhook) => ({
        ...webhook,
        name: 'validation.istio.io',
        objectSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'DoesNotExist' }] },
      })),
    }))
}

function callByAddress(configuration: KubeObject, cluster: ClusterState): KubeObject {
  const webhooks = webhooksOf(configuration).map((webhook) => {
    const path = webhook.clientConfig.service?.path ?? '/'
    return { ...webhook, clientConfig: { url: `https://127.0.0.1:${cluster.ports.istiodWebhook}${path}` } }
  })
  return { ...configuration, webhooks }
}

function webhooksOf(configuration: KubeObject): readonly Webhook[] {
  return configuration['webhooks'] as readonly Webhook[]
}
