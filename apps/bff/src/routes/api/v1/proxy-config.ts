import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import {
  API_ROOT,
  ProxyConfig,
  ProxyConfigDump,
  ProxyLogLevels,
  ProxyParams,
  ProxySectionParams,
  SetProxyLogLevel,
} from '@meshdeck/contract'
import { isZtunnelSection } from '@meshdeck/mesh/proxy-config'
import { ProblemError } from '../../../lib/problem.ts'
import { readEnvoyDump, readEnvoySection } from '../../../lib/proxies/envoy-admin.ts'
import { readLogLevels, setLogLevel } from '../../../lib/proxies/log-levels.ts'
import type { Proxy } from '../../../lib/proxies/proxy-admin.ts'
import { readZtunnelDump, readZtunnelSection } from '../../../lib/proxies/ztunnel-admin.ts'
import { createSemaphore } from '../../../lib/semaphore.ts'

/** A configuration is read whole, and a large one has tens of megabytes. */
const AT_ONCE = 6
const WAITING = 60
const PATIENCE_MS = 30_000

const PROXY = `${API_ROOT}/clusters/:cluster/proxies/:namespace/:name`

/** What one proxy has, asked of its Envoy or of ztunnel itself as the caller, who needs `pods/portforward` for it. */
export const proxyConfigRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const tooMany = (): ProblemError =>
    new ProblemError('too-many-requests', 'Many proxies are being read already; ask again in a moment')
  const semaphore = createSemaphore({ limit: AT_ONCE, maxWaiting: WAITING, tooMany })
  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(tooMany()), PATIENCE_MS)
    try {
      return await semaphore.run(work, patience.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  const rows = { params: ProxySectionParams, response: { 200: ProxyConfig } }
  app.get(`${PROXY}/config/:section`, { schema: rows }, async (request) => {
    const { section } = request.params
    const proxy = await proxyOf(request, request.params)
    const rows = await inTurn(() =>
      isZtunnelSection(section) ? readZtunnelSection(proxy, section) : readEnvoySection(proxy, section),
    )
    return { section, rows }
  })

  const dump = { params: ProxySectionParams, response: { 200: ProxyConfigDump } }
  app.get(`${PROXY}/dump/:section`, { schema: dump }, async (request) => {
    const { section } = request.params
    const proxy = await proxyOf(request, request.params)
    const config = await inTurn(() =>
      isZtunnelSection(section) ? readZtunnelDump(proxy, section) : readEnvoyDump(proxy, section),
    )
    return { section, config }
  })

  const levels = { params: ProxyParams, response: { 200: ProxyLogLevels } }
  app.get(`${PROXY}/log-levels`, { schema: levels }, async (request) =>
    readLogLevels(await proxyOf(request, request.params)),
  )

  const change = { params: ProxyParams, body: SetProxyLogLevel, response: { 200: ProxyLogLevels } }
  app.post(`${PROXY}/log-levels`, { schema: change }, async (request) => {
    const { level, logger } = request.body
    return setLogLevel(await proxyOf(request, request.params), level, logger)
  })
}

async function proxyOf(
  request: FastifyRequest,
  { cluster, namespace, name }: { cluster: string; namespace: string; name: string },
): Promise<Proxy> {
  return { client: await request.kube(cluster), namespace, pod: name }
}
