import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  ClusterParams,
  ClusterView,
  EditCluster,
  PrometheusAddress,
  PrometheusTest,
  type PrometheusCredential,
} from '@meshdeck/contract'
import { HUB, type Cluster, type ClusterSpec, type PrometheusSettings } from '@meshdeck/kube'
import {
  KubeStatusError,
  prometheusAccess,
  PrometheusAccessError,
  readPrometheusAccess,
  type PrometheusAccess,
  type ResourceClient,
  type WriteResult,
} from '@meshdeck/kube-client'
import type { FastifyRequest } from 'fastify'
import type { ConnectionPolicy } from '../../../lib/cluster-test.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { SECRET_KEYS, toSecret, writePrometheusSecret } from '../../../lib/prometheus-credential.ts'
import { tryPrometheus } from '../../../lib/prometheus/try-prometheus.ts'
import { pick, toClusterView } from '../../../lib/views/clusters.ts'
import { sendWarnings } from './resource-actions.ts'

/** The controller writes the status of clusters all the time, which is no change that an edit must yield to. */
const TRIES = 5

export interface ClusterSettingsOptions {
  policy: ConnectionPolicy
  /** The hub as Meshdeck itself, which reads the credential that a test uses and nobody sees. */
  account: Pick<ResourceClient, 'get'>
}

/** What is said of a joined cluster: its names, where it stands, and its Prometheus. */
export const clusterSettingsRoutes: FastifyPluginAsyncTypebox<ClusterSettingsOptions> = async (
  app,
  { policy, account },
) => {
  app.put(
    `${API_ROOT}/clusters/:cluster`,
    { schema: { params: ClusterParams, body: EditCluster, response: { 200: ClusterView } } },
    async (request, reply) => {
      assertPrometheus(request.body)
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
      const { url, headers, serverName, credential } = request.body
      const settings = { url, ...pick({ headers, tls: serverName ? { serverName } : undefined }) }
      if (credential !== undefined) return tryPrometheus(accessOf(settings, credential, TEST_FIELDS), policy)
      const without = accessOf(settings, undefined, TEST_FIELDS)
      const stored = (await (await request.kube(HUB)).get<Cluster>('Cluster', { name: request.params.cluster })).spec
        .prometheus
      // What is kept for one server is shown to no other.
      if (stored?.auth === undefined || originOf(stored.url) !== originOf(url)) return tryPrometheus(without, policy)
      try {
        return await tryPrometheus(await readPrometheusAccess(account, { ...settings, auth: stored.auth }), policy)
      } catch (error) {
        if (error instanceof PrometheusAccessError) return { ok: false, message: error.message }
        throw error
      }
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
    const { prometheusCredential: credential } = input
    const secret = credential && toSecret(credential)
    const written = secret && { secretRef: { name: await writePrometheusSecret(hub, cluster, secret) } }
    const auth = credential === undefined ? cluster.spec.prometheus?.auth : written
    try {
      return await hub.replace('Cluster', { ...cluster, spec: toSpec(cluster.spec, input, auth) })
    } catch (error) {
      if (!(error instanceof KubeStatusError) || error.httpStatus !== 409 || tries === TRIES) throw error
    }
  }
}

/** What nobody can edit here stays: the way of access. */
function toSpec(
  {
    displayName: _name,
    provider: _provider,
    region: _region,
    network: _network,
    prometheus: _prometheus,
    ...kept
  }: ClusterSpec,
  { displayName, provider, region, network, prometheusUrl, prometheusHeaders, prometheusServerName }: EditCluster,
  auth: PrometheusSettings['auth'],
): ClusterSpec {
  const prometheus = prometheusUrl && {
    url: prometheusUrl,
    ...(prometheusHeaders?.length ? { headers: prometheusHeaders } : {}),
    ...(prometheusServerName ? { tls: { serverName: prometheusServerName } } : {}),
    ...(auth ? { auth } : {}),
  }
  return {
    ...kept,
    ...(displayName ? { displayName } : {}),
    ...(provider ? { provider } : {}),
    ...(region ? { region } : {}),
    ...(network ? { network } : {}),
    ...(prometheus ? { prometheus } : {}),
  }
}

type Fields = Readonly<Record<'url' | 'headers' | 'credential', string>>
const EDIT_FIELDS: Fields = { url: 'prometheusUrl', headers: 'prometheusHeaders', credential: 'prometheusCredential' }
const TEST_FIELDS: Fields = { url: 'url', headers: 'headers', credential: 'credential' }

function assertPrometheus({ prometheusUrl, prometheusHeaders, prometheusCredential }: EditCluster): void {
  if (prometheusUrl === undefined || prometheusUrl === '') return
  accessOf({ url: prometheusUrl, ...pick({ headers: prometheusHeaders }) }, prometheusCredential, EDIT_FIELDS)
}

/** All that a request needs, out of what was typed. Throws `ProblemError` (`invalid-input`) that names the field. */
function accessOf(
  settings: Omit<PrometheusSettings, 'auth'>,
  credential: PrometheusCredential | undefined,
  fields: Fields,
): PrometheusAccess {
  try {
    return prometheusAccess(settings, credential && toSecret(credential))
  } catch (error) {
    if (!(error instanceof PrometheusAccessError)) throw error
    const member = Object.entries(SECRET_KEYS).find(([, key]) => key === error.field)?.[0]
    const field =
      member === undefined
        ? error.field === 'headers'
          ? fields.headers
          : fields.url
        : `${fields.credential}.${member}`
    throw new ProblemError('invalid-input', error.message, { fields: [{ field, message: error.message }] })
  }
}

const originOf = (url: string): string | undefined => URL.parse(url)?.origin

async function assertMayEdit(request: FastifyRequest, name: string): Promise<void> {
  const missing = { verb: 'update', group: 'meshdeck.io', resource: 'clusters', name }
  const { allowed } = await request.rights(HUB).check(missing)
  if (!allowed) throw new ProblemError('forbidden', `You may not change cluster ${name}`, { missing })
}
