import type { RequestListener, ServerResponse } from 'node:http'
import type { KeyPair } from '../../auth/certificates.ts'
import type { PodPrograms } from '../../http/serve-port-forward.ts'
import { recordAt, textAt } from '../../json.ts'
import type { KubeObject } from '../../kube-object.ts'
import type { ClusterApi } from '../../store/cluster-api.ts'
import type { Peers } from '../peers.ts'
import { ztunnelDump, ztunnelIdentities } from '../ztunnel/ztunnel-dump.ts'
import { ztunnelLogging } from '../ztunnel/ztunnel-logging.ts'
import { clusterStatuses, configDump } from './envoy-dump.ts'
import type { ProxyCertificate } from './envoy-dump.ts'
import { envoyLogging } from './envoy-logging.ts'
import { istiodDebug } from './istiod-debug.ts'
import type { MeshMember } from './mesh-services.ts'
import { isZtunnel, proxyEnv, proxyVersion, proxyView, runsEnvoy, startedAt } from './proxy-view.ts'
import { listenerRefusal } from './refusal.ts'

const ISTIOD_PORT = 15_014
const ADMIN_PORT = 15_000
const HOUR_MS = 3_600_000

export interface PodProgramOptions {
  readonly api: ClusterApi
  readonly name: string
  readonly peers: Peers
  /** The clusters of the mesh, this one among them. */
  readonly members: () => readonly MeshMember[]
  readonly now: () => number
  /** Signs a certificate for a workload, as the mesh's authority; the root is the authority's own. */
  readonly sign: (identity: string, validity: { notBefore: Date; notAfter: Date }) => Promise<KeyPair>
  readonly root: string
}

/** What runs in pods, as far as anybody asks: istiod with its debug interface, Envoy and ztunnel with their administration. */
export function podPrograms(options: PodProgramOptions): PodPrograms {
  const { api, peers, now } = options
  const logging = new Map<string, RequestListener>()
  const certificates = new Map<string, { until: number; certificate: Promise<ProxyCertificate> }>()

  function certificateOf(pod: KubeObject, identity: string): Promise<ProxyCertificate> {
    const key = `${pod.metadata.uid ?? ''} ${identity}`
    const known = certificates.get(key)
    // As the agent does: a new one at half the time.
    if (known !== undefined && known.until > now()) return known.certificate
    const validity = { notBefore: new Date(now() - 120_000), notAfter: new Date(now() + 24 * HOUR_MS) }
    const certificate = options
      .sign(identity, validity)
      .then(({ certificate: chain }) => ({ chain, root: options.root }))
    certificates.set(key, { until: now() + 12 * HOUR_MS, certificate })
    return certificate
  }

  function envoy(pod: KubeObject): RequestListener {
    const uid = pod.metadata.uid ?? ''
    return (request, response) => {
      const json = (body: unknown): void => answerJson(response, body)
      const { pathname } = new URL(request.url ?? '/', 'http://envoy')
      const view = () => proxyView({ name: options.name, api }, options.members(), pod)
      if (pathname === '/logging') {
        const levels =
          logging.get(uid) ?? envoyLogging(pod.metadata.annotations?.['sidecar.istio.io/logLevel'] ?? 'warning')
        logging.set(uid, levels)
        levels(request, response)
      } else if (pathname === '/config_dump') {
        const refusal = listenerRefusal(pod, istiodVersion(api))
        const account = textAt(pod, 'spec', 'serviceAccountName') ?? 'default'
        certificateOf(pod, `spiffe://cluster.local/ns/${pod.metadata.namespace ?? ''}/sa/${account}`).then(
          (certificate) => json(configDump(view(), certificate, refusal)),
          (error: unknown) => response.writeHead(500).end(String(error)),
        )
      } else if (pathname === '/clusters') {
        // A service that answers badly has lost an endpoint where somebody looks for that.
        json(clusterStatuses(view(), ({ config }) => config['outlier_detection'] !== undefined))
      } else if (pathname === '/server_info') json(serverInfo(pod, now()))
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('invalid path. admin commands are:\n')
    }
  }

  function ztunnel(pod: KubeObject): RequestListener {
    const uid = pod.metadata.uid ?? ''
    return (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://ztunnel')
      if (pathname === '/logging') {
        const level = logging.get(uid) ?? ztunnelLogging()
        logging.set(uid, level)
        level(request, response)
      } else if (pathname === '/config_dump') {
        const signed = ztunnelIdentities(api, pod).map(async (identity) => ({
          identity,
          ...(await certificateOf(pod, identity)),
        }))
        Promise.all(signed).then(
          (held) => answerJson(response, ztunnelDump({ name: options.name, api }, pod, held)),
          (error: unknown) => response.writeHead(500).end(String(error)),
        )
      } else response.writeHead(404).end()
    }
  }

  return (pod, port) => {
    if (port === ISTIOD_PORT && pod.metadata.labels?.['app'] === 'istiod') return istiodDebug(api, peers, pod, now)
    if (port !== ADMIN_PORT) return undefined
    if (isZtunnel(pod)) return ztunnel(pod)
    return runsEnvoy(pod) ? envoy(pod) : undefined
  }
}

function answerJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function istiodVersion(api: ClusterApi): string {
  const istiod = api.list('apps/deployments').find(({ metadata }) => metadata.labels?.['app'] === 'istiod')
  return String(recordAt(istiod, 'metadata', 'labels')['app.kubernetes.io/version'] ?? '')
}

function serverInfo(pod: KubeObject, now: number): unknown {
  const uptime = `${Math.floor((now - startedAt(pod)) / 1_000)}s`
  return {
    version: `0a1b2c3d/${proxyVersion(pod)}/Clean/RELEASE/BoringSSL`,
    state: 'LIVE',
    uptime_current_epoch: uptime,
    uptime_all_epochs: uptime,
    node: { cluster: proxyEnv(pod, 'ISTIO_META_WORKLOAD_NAME') },
  }
}
