import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  AccountPlan,
  API_ROOT,
  ClusterList,
  ClusterParams,
  ClusterView,
  ConnectionTest,
  credentialPaths,
  JoinCluster,
  paths,
  PlanAccount,
} from '@meshdeck/contract'
import { HUB, MESHDECK_NAMESPACE, type Cluster, type KubeResource, type Mesh } from '@meshdeck/kube'
import { KubeStatusError, type ResourceClient } from '@meshdeck/kube-client'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { checkKubeconfig, testConnection, type ConnectionPolicy } from '../../../lib/cluster-test.ts'
import { makeAccount, planAccount } from '../../../lib/cluster-account.ts'
import { toClusterObject, toCredentialSecret } from '../../../lib/cluster-objects.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { toClusterView } from '../../../lib/views/clusters.ts'
import { hubRecords } from './mesh-scope.ts'
import { assertDeletable, sendWarnings } from './resource-actions.ts'

/** Clusters of the fleet: what is known of them, bringing one in, letting one go. */
export const clusterRoutes: FastifyPluginAsyncTypebox<{
  policy: ConnectionPolicy
  hubUid: () => Promise<string | undefined>
}> = async (app, { policy, hubUid }) => {
  const viewsOf = async (request: FastifyRequest): Promise<ClusterView[]> => {
    const clusters = await hubRecords<Cluster>(request, 'Cluster')
    const { objects } = await request.readable(HUB, 'Mesh')
    const meshes = objects as readonly Mesh[]
    const uid = await hubUid()
    return clusters.map((cluster) => {
      const { state, failure } = app.fleetState.of(cluster.metadata.name)
      return toClusterView(cluster, meshes, { state, ...(failure ? { problem: failure.problem } : {}) }, uid)
    })
  }

  app.get(paths.clusters, { schema: { response: { 200: ClusterList } } }, async (request) => {
    const items = await viewsOf(request)
    const failures = items.flatMap(({ name, problem }) => (problem === undefined ? [] : [{ cluster: name, problem }]))
    return { items, failures }
  })

  app.get(
    `${API_ROOT}/clusters/:cluster`,
    { schema: { params: ClusterParams, response: { 200: ClusterView } } },
    async (request) => {
      const { cluster } = request.params
      const found = (await viewsOf(request)).find(({ name }) => name === cluster)
      if (found === undefined)
        throw new ProblemError('unknown-cluster', `There is no cluster ${cluster}`, { params: { cluster } })
      return found
    },
  )

  app.post(paths.clusterTest, { schema: { body: JoinCluster, response: { 200: ConnectionTest } } }, async (request) => {
    // Who may not join a cluster has no business making this server connect to addresses.
    await assertMayJoin(request)
    const known = await hubRecords<Cluster>(request, 'Cluster')
    const nameOfUid = (uid: string): string | undefined =>
      known.find(({ status }) => status?.clusterUid === uid)?.metadata.name
    return testConnection({ ...request.body, surroundings: true, nameOfUid }, policy)
  })

  app.post(
    paths.clusterJoin,
    { schema: { body: JoinCluster, response: { 201: ClusterView } } },
    async (request, reply) => {
      await assertMayJoin(request)
      const { name, account } = request.body
      const spec = checkKubeconfig(request.body, policy)
      const hub = await request.kube(HUB)
      const cluster = toClusterObject(request.body)
      // A name that is taken or refused leaves nothing behind, on the hub or in the cluster.
      await hub.create('Cluster', cluster, { dryRun: true })
      const made = account && (await makeAccount({ name, spec, hub: (await hubUid()) ?? 'unknown' }, account))
      const { resource, warnings } = await joinCluster(
        hub,
        cluster,
        toCredentialSecret(name, made?.spec ?? spec),
      ).catch(async (error: unknown) => {
        await made?.undo()
        throw error
      })
      return sendWarnings(reply.code(201), warnings).send(toClusterView(resource, [], { state: 'unknown' }, undefined))
    },
  )

  app.post(
    credentialPaths.accountPlan,
    { schema: { body: PlanAccount, response: { 200: AccountPlan } } },
    async (request) => {
      await assertMayJoin(request)
      const { name, account } = request.body
      const spec = checkKubeconfig(request.body, policy)
      return planAccount({ name, spec, hub: (await hubUid()) ?? 'unknown' }, account)
    },
  )

  app.delete(
    `${API_ROOT}/clusters/:cluster`,
    { schema: { params: ClusterParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const name = request.params.cluster
      const hub = await request.kube(HUB)
      await assertDeletable(request, 'Cluster', name)
      const { spec } = await hub.get<Cluster>('Cluster', { name })
      const { warnings } = await hub.delete('Cluster', { name })
      const secret = spec.access.secretRef?.name
      if (secret !== undefined) await forgetSecret(hub, secret)
      return sendWarnings(reply.code(204), warnings).send()
    },
  )
}

/** Writes the credential, then the record that names it; should that fail after all, the credential is taken back. */
async function joinCluster(hub: ResourceClient, cluster: Cluster, secret: KubeResource) {
  await hub.create('Secret', secret)
  try {
    return await hub.create('Cluster', cluster)
  } catch (error) {
    await forgetSecret(hub, secret.metadata.name)
    throw error
  }
}

async function forgetSecret(hub: ResourceClient, name: string): Promise<void> {
  try {
    await hub.delete('Secret', { namespace: MESHDECK_NAMESPACE, name })
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 404) throw error
  }
}

async function assertMayJoin(request: FastifyRequest): Promise<void> {
  const missing = { verb: 'create', group: 'meshdeck.io', resource: 'clusters' }
  const { allowed, reason } = await request.rights(HUB).check(missing)
  if (!allowed)
    throw new ProblemError('forbidden', `You may not join clusters${reason === '' ? '' : `: ${reason}`}`, { missing })
}
