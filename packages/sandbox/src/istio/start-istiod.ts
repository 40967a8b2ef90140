import type { ControllerContext } from '../controllers/controller-context.ts'
import { isRecord, listAt, recordAt, sameJson, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import type { ClusterApi } from '../store/cluster-api.ts'
import { remotesOf, runsIstiod } from './peers.ts'
import type { Peers } from './peers.ts'
import { startGatewayController } from './gateway-api/start-gateway-controller.ts'

const NAMESPACE = 'istio-system'
const CONTROL_PLANE_CLUSTERS = 'topology.istio.io/controlPlaneClusters'
/** How soon what has come anew in a remote cluster is seen. */
const REMOTE_LOOK_MS = 1_000
const ROOT_CONFIG_MAP = 'istio-ca-root-cert'
const ROOT_SECRET = 'istio-ca-secret'
const WEBHOOKS: readonly ResourceKey[] = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].map(
  (plural) => `admissionregistration.k8s.io/${plural}`,
)
/** istiod leaves these alone, as it injects nothing there. */
const IGNORED = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])
const SETTLES_MS = 200

export interface RootAuthority {
  /** PEM. */
  readonly certificate: string
  readonly key: string
}

/**
 * What istiod does in a cluster by itself: its root certificate in every namespace, in its webhooks and in its Secret,
 * and its part of the Gateway API. A root that somebody has put into the Secret `cacerts` comes first.
 * Source: https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 */
export function startIstiod(context: ControllerContext, authority: RootAuthority, peers: Peers): () => void {
  const { api, queue } = context
  const runs = (): boolean => runsIstiod(api)
  const look = (): void => {
    if (!runs()) return
    const root = pluggedRoot(api.get('secrets', NAMESPACE, 'cacerts')) ?? authority.certificate
    if (root === authority.certificate) keepSecret(context, authority)
    keepTrust(api, root)
    for (const remote of remotesOf(api, peers)) {
      if (isServedFromElsewhere(remote.api)) keepTrust(remote.api, root)
    }
  }
  const lookSoon = (): void => queue.add('istiod', look, SETTLES_MS)
  const lookAtRemotes = (): void => {
    const remotes = runs() ? remotesOf(api, peers) : []
    if (remotes.length === 0) return
    look()
    queue.add('istiod remotes', lookAtRemotes, REMOTE_LOOK_MS)
  }
  const stops = [
    ...['namespaces', 'apps/deployments', ...WEBHOOKS].map((resource) => api.watch(resource, lookSoon)),
    api.watch('configmaps', ({ object }) => {
      if (object.metadata.name === ROOT_CONFIG_MAP) lookSoon()
    }),
    api.watch('secrets', ({ object }) => {
      if (object.metadata.namespace !== NAMESPACE) return
      lookSoon()
      queue.add('istiod remotes', lookAtRemotes, REMOTE_LOOK_MS)
    }),
    startGatewayController(context, runs),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function pluggedRoot(secret: KubeObject | undefined): string | undefined {
  const encoded = textAt(secret, 'data', 'root-cert.pem')
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8')
}

function keepSecret({ api }: ControllerContext, { certificate, key }: RootAuthority): void {
  if (api.get('secrets', NAMESPACE, ROOT_SECRET) !== undefined) return
  if (api.get('namespaces', undefined, NAMESPACE) === undefined) return
  const encoded = (text: string): string => Buffer.from(text).toString('base64')
  api.create('secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: ROOT_SECRET, namespace: NAMESPACE },
    type: 'istio.io/ca-root',
    data: {
      'ca-cert.pem': encoded(certificate),
      'ca-key.pem': encoded(key),
      'cert-chain.pem': '',
      'key.pem': '',
      'root-cert.pem': encoded(certificate),
    },
  })
}

/** A cluster says of itself that the istiod of another may write into it. */
function isServedFromElsewhere(api: ClusterApi): boolean {
  const system = api.get('namespaces', undefined, NAMESPACE)
  return system?.metadata.annotations?.[CONTROL_PLANE_CLUSTERS] !== undefined
}

/** The root in every namespace, and in the webhooks. */
function keepTrust(api: ClusterApi, root: string): void {
  for (const { metadata } of api.list('namespaces')) {
    if (!IGNORED.has(metadata.name) && metadata.deletionTimestamp === undefined) keepRoot(api, metadata.name, root)
  }
  for (const resource of WEBHOOKS) for (const each of api.list(resource)) keepBundle(api, resource, each, root)
}

function keepRoot(api: ClusterApi, namespace: string, root: string): void {
  const found = api.get('configmaps', namespace, ROOT_CONFIG_MAP)
  const data = { 'root-cert.pem': root }
  if (found === undefined) {
    api.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: ROOT_CONFIG_MAP, namespace, labels: { 'istio.io/config': 'true' } },
      data,
    })
  } else if (!sameJson(found['data'], data)) api.update('configmaps', { ...found, data })
}

/** Only with its root can the API server trust istiod; once it does, what istiod would refuse must not pass. */
function keepBundle(api: ClusterApi, resource: ResourceKey, object: KubeObject, root: string): void {
  const caBundle = Buffer.from(root).toString('base64')
  const webhooks = listAt(object, 'webhooks').map((webhook) => {
    if (!isRecord(webhook) || !(textAt(webhook, 'clientConfig', 'service', 'name') ?? '').startsWith('istiod'))
      return webhook
    const trusted = { ...webhook, clientConfig: { ...recordAt(webhook, 'clientConfig'), caBundle } }
    return resource === WEBHOOKS[1] ? { ...trusted, failurePolicy: 'Fail' } : trusted
  })
  if (!sameJson(webhooks, object['webhooks'])) api.update(resource, { ...object, webhooks })
}
