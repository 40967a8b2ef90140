import compress from '@fastify/compress'
import swagger from '@fastify/swagger'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { paths } from '@meshdeck/contract'
import {
  createClusterRegistry,
  createConnection,
  createHelm,
  createResourceClient,
  STORED,
  type ResourceClient,
} from '@meshdeck/kube-client'
import type { Namespace } from '@meshdeck/kube'
import { createFleet } from './lib/create-fleet.ts'
import { isLoopbackHost } from './lib/loopback.ts'
import { DEFAULT_LIMITS } from './lib/prometheus/governor/query-limits.ts'
import { validatorCompiler } from './lib/validation.ts'
import { VERSION } from './lib/version.ts'
import { BffOptionsError, type BffOptions } from './options.ts'
import { access } from './plugins/access.ts'
import { consoleFiles } from './plugins/console-files.ts'
import { csrf } from './plugins/csrf.ts'
import { errors } from './plugins/errors.ts'
import { events } from './plugins/events.ts'
import { health } from './plugins/health.ts'
import { history } from './plugins/history.ts'
import { kubernetes } from './plugins/kubernetes.ts'
import { metricsSources } from './plugins/metrics-sources.ts'
import { ownMetrics } from './plugins/own-metrics.ts'
import { securityHeaders } from './plugins/security-headers.ts'
import { session } from './plugins/session.ts'
import { storedCredential } from './plugins/stored-credential.ts'
import { watchCache } from './plugins/watch-cache.ts'
import { accessRoutes } from './routes/api/v1/access.ts'
import { adoptionRoutes } from './routes/api/v1/adoption.ts'
import { clusterCandidateRoutes } from './routes/api/v1/cluster-candidates.ts'
import { clusterCredentialRoutes } from './routes/api/v1/cluster-credential.ts'
import { clusterSettingsRoutes } from './routes/api/v1/cluster-settings.ts'
import { clusterRoutes } from './routes/api/v1/clusters.ts'
import { eventRoutes } from './routes/api/v1/events.ts'
import { explainRoutes } from './routes/api/v1/explain.ts'
import { exploreRoutes } from './routes/api/v1/explore.ts'
import { findingRoutes } from './routes/api/v1/findings.ts'
import { goldenRoutes } from './routes/api/v1/golden.ts'
import { historyRoutes } from './routes/api/v1/history.ts'
import { injectionRoutes } from './routes/api/v1/injection.ts'
import { trustDomainRoutes } from './routes/api/v1/trust-domains.ts'
import { localityRoutes } from './routes/api/v1/localities.ts'
import { meshFigureRoutes } from './routes/api/v1/mesh-figures.ts'
import { meshPlanRoutes } from './routes/api/v1/mesh-plan.ts'
import { meshProgressRoutes } from './routes/api/v1/mesh-progress.ts'
import { meshRoutes } from './routes/api/v1/meshes.ts'
import { monitoringExemplarRoutes } from './routes/api/v1/monitoring-exemplars.ts'
import { monitoringRoutes } from './routes/api/v1/monitoring.ts'
import { preflightRoutes } from './routes/api/v1/preflight.ts'
import { queryRoutes } from './routes/api/v1/queries.ts'
import { recordingRuleRoutes } from './routes/api/v1/recording-rules.ts'
import { proxyRoutes } from './routes/api/v1/proxies.ts'
import { proxyConfigRoutes } from './routes/api/v1/proxy-config.ts'
import { referenceRoutes } from './routes/api/v1/references.ts'
import { removalRoutes } from './routes/api/v1/removal.ts'
import { restartRoutes } from './routes/api/v1/restarts.ts'
import { resourceRoutes } from './routes/api/v1/resources.ts'
import { schemaRoutes } from './routes/api/v1/schemas.ts'
import { serviceLevelRoutes } from './routes/api/v1/service-levels.ts'
import { serviceRoutes } from './routes/api/v1/services.ts'
import { serviceTabRoutes } from './routes/api/v1/service-tabs.ts'
import { sessionRoutes } from './routes/api/v1/session.ts'
import { tlsSecretRoutes } from './routes/api/v1/tls-secrets.ts'
import { createMeshAnalyses } from './routes/api/v1/mesh-analysis.ts'
import { topologyNodeRoutes } from './routes/api/v1/topology-node.ts'
import { topologyRoutes } from './routes/api/v1/topology.ts'
import { workloadRoutes } from './routes/api/v1/workloads.ts'

const BODY_LIMIT_BYTES = 2 * 1024 * 1024

export type BffApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Builds the BFF; nothing listens yet, but the watches of the hub have begun. Throws `BffOptionsError`. */
export async function buildApp(options: BffOptions): Promise<BffApp> {
  const { basePath, modes } = options
  const onLoopback = isLoopbackHost(options.host)
  assertOptions(options, onLoopback)

  const app = Fastify({
    ...(options.logger === undefined || options.logger === false
      ? { logger: false }
      : { loggerInstance: options.logger }),
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { maxParamLength: 253 },
    // A caller's own ids would let one write lines into another's log.
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  // Schemas of answers describe, and tests check them. A serialiser made from one would drop what it does not list.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))

  const hub = createConnection(options.hub, { name: 'hub' })
  const stored = createResourceClient(hub, STORED)
  // Only where this machine serves itself may a cluster lie on it.
  const policy = { allowLoopback: onLoopback }
  const registry = createClusterRegistry({
    hub,
    ...policy,
    ...(options.kubeconfig ? { kubeconfig: options.kubeconfig } : {}),
  })
  const fleet = createFleet({ hub, registry })
  app.addHook('onClose', async () => {
    await fleet.close()
    await registry.close()
    await hub.close()
  })

  await app.register(errors)
  await app.register(securityHeaders)
  await app.register(session, {
    modes,
    basePath,
    ...(options.sessionKey === undefined ? {} : { sessionKey: options.sessionKey }),
    reviewToken: (token) => stored.tokenReview(token),
    localUser: () => Promise.resolve({ name: 'local', groups: [] }),
  })
  await app.register(csrf)
  await app.register(compress, {
    global: true,
    threshold: 4096,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { 1: 4 } },
  })
  await app.register(swagger, {
    openapi: {
      info: { title: 'Meshdeck', version: VERSION, description: 'API of the Meshdeck console' },
      servers: [{ url: basePath === '' ? '/' : basePath }],
    },
  })
  await app.register(ownMetrics, { open: options.openMetrics ?? onLoopback })
  await app.register(health, { ready: () => fleet.ready() })
  await app.register(kubernetes, { connections: fleet, printKubeconfig: registry.kubeconfig })
  await app.register(access, { fleet })
  await app.register(storedCredential, { connections: fleet })
  await app.register(events)
  await app.register(watchCache, { fleet })
  await app.register(history, { hub: stored })
  const limits = options.queryLimits ?? DEFAULT_LIMITS
  await app.register(metricsSources, { registry, hub: stored, policy, limits })

  await app.register(
    async (api) => {
      await api.register(sessionRoutes, {
        modes,
        version: VERSION,
        ...(options.sandbox ? { sandbox: options.sandbox } : {}),
      })
      await api.register(accessRoutes)
      await api.register(eventRoutes)
      const hubUid = hubUidReader(stored)
      await api.register(clusterRoutes, { policy, hubUid })
      await api.register(localityRoutes)
      await api.register(clusterCandidateRoutes)
      await api.register(clusterSettingsRoutes, { policy, account: stored })
      await api.register(clusterCredentialRoutes, { policy, hubUid })
      await api.register(meshRoutes)
      await api.register(meshProgressRoutes)
      await api.register(meshPlanRoutes, { helm: createHelm(options.helm ?? {}), policy })
      await api.register(meshFigureRoutes)
      await api.register(monitoringRoutes)
      await api.register(monitoringExemplarRoutes)
      await api.register(exploreRoutes)
      await api.register(queryRoutes, { limits })
      await api.register(recordingRuleRoutes)
      await api.register(proxyRoutes)
      await api.register(proxyConfigRoutes)
      await api.register(referenceRoutes)
      await api.register(removalRoutes)
      await api.register(preflightRoutes, { policy })
      await api.register(restartRoutes)
      await api.register(adoptionRoutes)
      await api.register(injectionRoutes)
      await api.register(workloadRoutes)
      await api.register(serviceRoutes)
      await api.register(serviceLevelRoutes)
      await api.register(serviceTabRoutes)
      await api.register(tlsSecretRoutes)
      // One for both: it remembers what it has analysed.
      const analyze = createMeshAnalyses()
      await api.register(topologyRoutes, { analyze })
      await api.register(topologyNodeRoutes, { analyze })
      await api.register(explainRoutes)
      await api.register(trustDomainRoutes)
      await api.register(findingRoutes, { analyze })
      await api.register(goldenRoutes)
      await api.register(historyRoutes)
      await api.register(resourceRoutes)
      await api.register(schemaRoutes)
      // Public: it is the same for everybody, and in the source.
      api.get(paths.openapi, { config: { public: true }, schema: { hide: true } }, async () => app.swagger())
    },
    { prefix: basePath },
  )
  if (options.consoleDir !== undefined) {
    await app.register(consoleFiles, {
      dir: options.consoleDir,
      basePath,
      frameAncestors: options.frameAncestors ?? ["'self'"],
    })
  }
  return app
}

function assertOptions({ modes, basePath, sessionKey, host, sandbox }: BffOptions, onLoopback: boolean): void {
  if (sandbox !== undefined && !onLoopback)
    throw new BffOptionsError(
      `The sandbox lets everybody act as its people, so it is for loopback only, not for ${host}`,
    )
  if (modes.length === 0) throw new BffOptionsError('No way to sign in is allowed; choose mode local or bearer')
  if (modes.includes('local') && !onLoopback) {
    throw new BffOptionsError(
      `Mode local lets everybody who reaches the port act with the kubeconfig, so it listens on loopback only, not on ${host}; use mode bearer`,
    )
  }
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(basePath))
    throw new BffOptionsError(`The base path "${basePath}" must begin with a slash and not end with one`)
  if (sessionKey !== undefined && sessionKey.length < 32)
    throw new BffOptionsError('The session key must have 32 characters or more')
}

/** The hub among its own clusters is told by the uid of kube-system, which is read once. */
function hubUidReader(hub: ResourceClient): () => Promise<string | undefined> {
  let uid: string | undefined
  return async () => {
    uid ??= await hub.get<Namespace>('Namespace', { name: 'kube-system' }).then(
      ({ metadata }) => metadata.uid,
      () => undefined,
    )
    return uid
  }
}
