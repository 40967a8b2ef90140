import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  ClusterParams,
  ClusterView,
  EditCluster,
  PrometheusAddress,
  PrometheusTest,
} from '@meshdeck/contract'
import { HUB, type Cluster, type ClusterSpec } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient, type WriteResult } from '@meshdeck/kube-client'
import type { FastifyRequest } from 'fastify'
import { prometheusStep, type ConnectionPolicy } from '../../../lib/cluster-test.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { toClusterView } from '../../../lib/views/clusters.ts'
import { sendWarnings } from './resource-actions.ts'

/** The controller writes the status of clusters all the time, which is no change that an edit must yield to. */
const TRIES = 5

/** What is said of a joined cluster: its names, where it stands, and its Prometheus. */
export const clusterSettingsRoutes: FastifyPluginAsyncTypebox<{ policy: ConnectionPolicy }> = async (
  app,
  { policy },
) => {
  app.put(
    `${API_ROOT}/clusters/:cluster`,
    { schema: { params: ClusterParams, body: EditCluster, response: { 200: ClusterView } } },
    async (request, reply) => {
      assertPrometheusUrl(request.body.prometheusUrl)
      const hub = await request.kube(HUB)
      const { resource, warnings } = await edit(hub, request.params.cluster, request.body)
      return sendWarnings(reply, warnings).send(toClusterView(resource, [], { state: 'unknown' }, undefined))
    },
  )

  app.post(
    `${API_ROOT}/clusters/:cluster/prometheus/-test`,
    { schema: { params: ClusterParams, body: PrometheusAddress, response: { 200: PrometheusTest } } },
    async (request) => {
      // Who may not set an address has no business making this server connect to it.
      await assertMayEdit(request, request.params.cluster)
      assertPrometheusUrl(request.body.url, 'url')
      const { result, message } = await prometheusStep(request.body.url, policy)
      return { ok: result === 'ok', message }
    },
  )
}

/** Writes over the spec that the editor saw, whatever its status has become since. */
async function edit(hub: ResourceClient, name: string, input: EditCluster): Promise<WriteResult<Cluster>> {
  for (let tries = 1; ; tries++) {
    const cluster = await hub.get<Cluster>('Cluster', { name })
    if (cluster.metadata.generation !== input.generation)
      throw new ProblemError('conflict', `Cluster ${name} was changed meanwhile; look at it again`, {
        cluster: HUB,
        current: cluster,
      })
    try {
      return await hub.replace('Cluster', { ...cluster, spec: toSpec(cluster.spec, input) })
    } catch (error) {
      if (!(error instanceof KubeStatusError) || error.httpStatus !== 409 || tries === TRIES) throw error
    }
  }
}

/** What nobody can edit here stays: the way of access, and how Prometheus knows us. */
function toSpec(
  { displayName: _name, provider: _provider, region: _region, network: _network, prometheus, ...kept }: ClusterSpec,
  { displayName, provider, region, network, prometheusUrl }: EditCluster,
): ClusterSpec {
  return {
    ...kept,
    ...(displayName ? { displayName } : {}),
    ...(provider ? { provider } : {}),
    ...(region ? { region } : {}),
    ...(network ? { network } : {}),
    ...(prometheusUrl ? { prometheus: { ...prometheus, url: prometheusUrl } } : {}),
  }
}

function assertPrometheusUrl(url: string | undefined, field = 'prometheusUrl'): void {
  if (url === undefined || url === '') return
  const parsed = URL.parse(url)
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '') return
  const message = 'The address of Prometheus must begin with http:// or https:// and hold no password'
  throw new ProblemError('invalid-input', message, { fields: [{ field, message }] })
}

async function assertMayEdit(request: FastifyRequest, name: string): Promise<void> {
  const missing = { verb: 'update', group: 'meshdeck.io', resource: 'clusters', name }
  const { allowed } = await request.rights(HUB).check(missing)
  if (!allowed) throw new ProblemError('forbidden', `You may not change cluster ${name}`, { missing })
}
