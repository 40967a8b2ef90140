import { isRecord, readPath, REVISION_LABEL, type DetectedIstio, type KubeResource } from '@meshdeck/kube'
import { injectionWebhooks } from '../injection/webhooks.ts'

/** What is read from a cluster to find the Istio in it. */
export interface IstioObjects {
  /** Deployments labelled `app=istiod`, of all namespaces. */
  deployments: readonly KubeResource[]
  /** MutatingWebhookConfigurations; those of other products are passed over. */
  webhooks: readonly KubeResource[]
  /** The Sail Operator's IstioRevisions, where it is installed. */
  revisions: readonly KubeResource[]
}

const UNKNOWN = 'unknown'
/** `v1.30.3`, `1.30.3-distroless`, `1.31.0-alpha.eed52ebb66ad`; what follows the release is kept, save the kind of base image. */
const VERSION = /^v?(\d+\.\d+(?:\.\d+)?(?:-(?!distroless$|debug$)[0-9A-Za-z.-]+?)?)(?:-(?:distroless|debug))?$/

/**
 * The Istio control planes of a cluster, sorted by namespace and revision. An istiod Deployment is the proof of one; a
 * Sail IstioRevision without one is being installed; an injection webhook without either belongs to an istiod that runs
 * outside of the cluster, and such an entry has no replicas.
 */
export function detectIstio({ deployments, webhooks, revisions }: IstioObjects): DetectedIstio[] {
  const found = deployments.map(fromDeployment)
  for (const revision of revisions.map(fromRevision)) {
    const same = found.find((known) => known.revision === revision.revision && known.namespace === revision.namespace)
    if (!same) found.push(revision)
    else if (same.version === UNKNOWN) same.version = revision.version
  }
  for (const webhook of fromWebhooks(webhooks)) {
    if (!found.some((known) => known.revision === webhook.revision)) found.push(webhook)
  }
  return found.toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.revision, b.revision))
}

function fromDeployment(deployment: KubeResource): DetectedIstio {
  return {
    revision: label(deployment, REVISION_LABEL) ?? 'default',
    version: versionOfDeployment(deployment),
    namespace: deployment.metadata.namespace ?? '',
    ready: count(readPath(deployment, 'status.readyReplicas')) ?? 0,
    replicas: count(readPath(deployment, 'spec.replicas')) ?? 1,
  }
}

/** The image says what runs; labels only what was installed, and development charts all say `1.0.0`. */
function versionOfDeployment(deployment: KubeResource): string {
  const containers = readPath(deployment, 'spec.template.spec.containers')
  const all = Array.isArray(containers) ? containers.filter(isRecord) : []
  const container = all.find(({ name }) => name === 'discovery') ?? all[0]
  const tag = imageTag(container?.['image'])
  return versionIn(tag) ?? versionOfLabels(deployment) ?? tag ?? UNKNOWN
}

function versionOfLabels(object: KubeResource): string | undefined {
  const chart = label(object, 'helm.sh/chart')
  return versionIn(label(object, 'app.kubernetes.io/version')) ?? versionIn(chart?.replace(/^[a-z-]+?-(?=v?\d)/, ''))
}

function fromRevision(revision: KubeResource): DetectedIstio {
  return {
    revision: revision.metadata.name,
    version: versionIn(readPath(revision, 'spec.version')) ?? UNKNOWN,
    namespace: text(readPath(revision, 'spec.namespace')) ?? 'istio-system',
    ready: 0,
    replicas: count(readPath(revision, 'spec.values.pilot.replicaCount')) ?? 1,
  }
}

/** Tags only point to a revision that has its own webhook. */
function fromWebhooks(configurations: readonly KubeResource[]): DetectedIstio[] {
  const injectors = injectionWebhooks(configurations).filter(({ tag }) => tag === undefined)
  const byRevision = new Map(injectors.map((webhook) => [webhook.revision, webhook.configuration]))
  return [...byRevision].map(([revision, name]) => {
    const configuration = configurations.find(({ metadata }) => metadata.name === name)
    const namespaces = readPath(configuration, 'webhooks.*.clientConfig.service.namespace')
    return {
      revision,
      version: (configuration && versionOfLabels(configuration)) ?? UNKNOWN,
      namespace: (Array.isArray(namespaces) ? text(namespaces[0]) : undefined) ?? 'istio-system',
    }
  })
}

function imageTag(image: unknown): string | undefined {
  return /:([^:/@]+)(?:@|$)/.exec(text(image)?.replace(/@.*$/, '') ?? '')?.[1]
}

function versionIn(value: unknown): string | undefined {
  return VERSION.exec(text(value) ?? '')?.[1]
}

const label = (object: KubeResource, key: string): string | undefined => object.metadata.labels?.[key] || undefined
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const count = (value: unknown): number | undefined => (Number.isInteger(value) ? Number(value) : undefined)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
