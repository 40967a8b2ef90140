import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { MESHDECK_NAMESPACE } from '@meshdeck/kube'
import {
  addressDenial,
  createConnection,
  createResourceClient,
  messageOf,
  STORED,
  type ClusterConnectionSpec,
  type HelmOptions,
} from '@meshdeck/kube-client'
import { joinElection, type ElectionTiming } from './election/leader-election.ts'
import { createLogger, type Logger } from './logger.ts'
import { createMetrics } from './metrics/controller-metrics.ts'
import { startMetricsServer } from './metrics/metrics-server.ts'
import { reconcileUntil } from './reconcile.ts'

export { createLogger }

const LEASE_NAME = 'meshdeck-controller'
const RESYNC_MS = 30 * 60_000
/** The hub is asked every few seconds, by those who do not lead as well; silence for so long is not ready. */
const HEARD_MS = 30_000

export interface StartControllerOptions {
  /** The cluster with Meshdeck's own records, and the credential for it. */
  hub: ClusterConnectionSpec
  /** The kubeconfig that Meshdeck was started with: Cluster records may name its contexts. */
  kubeconfig?: { text: string; directory: string }
  /** Whether joined clusters and Prometheus may lie on loopback. Default: when the hub itself does. */
  allowLoopback?: boolean
  /** Program and chart source for meshes whose engine is Helm. */
  helm?: HelmOptions
  logger?: Logger
  /** Serves `/metrics`, `/healthz` and `/readyz`; nothing is served without it. 0 takes any free port. */
  metricsPort?: number
  metricsHost?: string
  /** How often everything is looked at again, changes or not; changes are watched, so this is a safety net. */
  resyncMs?: number
  /** Name of the Lease; another one makes another election. */
  leaseName?: string
  timing?: ElectionTiming
}

export interface RunningController {
  /** Where the metrics are, when they are served. */
  readonly metricsUrl: string | undefined
  /** Whether this one works; others wait for it to go. */
  readonly leading: boolean
  /** Ends the work, frees the lease, and closes all connections. */
  stop(): Promise<void>
}

/**
 * Starts the controller. It resolves at once and goes on by itself, whatever becomes of the hub; it rejects only when
 * the hub's address is not allowed or the metrics port cannot be had.
 */
export async function startController(options: StartControllerOptions): Promise<RunningController> {
  const logger = options.logger ?? createLogger()
  const metrics = createMetrics()
  const hub = createConnection(options.hub, { name: 'hub' })
  const identity = `${hostname()}_${randomUUID()}`
  const allowLoopback = options.allowLoopback ?? addressDenial(new URL(options.hub.server).hostname) !== undefined
  let heardAt = Number.NEGATIVE_INFINITY
  let trouble: string | undefined

  const server =
    options.metricsPort === undefined
      ? undefined
      : await startMetricsServer({
          registry: metrics.registry,
          ready: () => performance.now() - heardAt < HEARD_MS,
          host: options.metricsHost ?? '127.0.0.1',
          port: options.metricsPort,
        })

  const election = joinElection({
    client: createResourceClient(hub, STORED),
    namespace: MESHDECK_NAMESPACE,
    name: options.leaseName ?? LEASE_NAME,
    identity,
    ...(options.timing ? { timing: options.timing } : {}),
    onHeard: () => {
      heardAt = performance.now()
      if (trouble !== undefined) logger.info('the hub answers again')
      trouble = undefined
    },
    onError: (error) => {
      const message = messageOf(error)
      // It is tried again every few seconds; the log tells of it once.
      if (message !== trouble) logger.warn({ error: message }, 'the election on the hub cannot go on; trying again')
      trouble = message
    },
    lead: async (term) => {
      logger.info({ identity }, 'leading')
      metrics.leading(true)
      try {
        await reconcileUntil(term, {
          hub,
          policy: { allowLoopback },
          resyncMs: options.resyncMs ?? RESYNC_MS,
          logger,
          metrics,
          ...(options.kubeconfig ? { kubeconfig: options.kubeconfig } : {}),
          ...(options.helm ? { helm: options.helm } : {}),
        })
      } finally {
        metrics.leading(false)
        logger.info({ identity }, 'no longer leading')
      }
    },
  })
  logger.info({ hub: options.hub.server, identity, metrics: server?.url }, 'controller started')

  return {
    metricsUrl: server?.url,
    get leading() {
      return election.leading
    },
    stop: async () => {
      await election.stop()
      await Promise.all([hub.close(), server?.close()])
      logger.info('controller stopped')
    },
  }
}
