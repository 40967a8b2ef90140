import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, ClusterParams, ConnectionTest, RenewCredential } from '@meshdeck/contract'
import { HUB, isRecord, MESHDECK_NAMESPACE, type Cluster, type KubeResource } from '@meshdeck/kube'
import {
  KubeconfigError,
  KubeStatusError,
  parseKubeconfig,
  type ClusterConnectionSpec,
  type ResourceClient,
} from '@meshdeck/kube-client'
import type { FastifyRequest } from 'fastify'
import { makeAccount } from '../../../lib/cluster-account.ts'
import { toCredentialSecret } from '../../../lib/cluster-objects.ts'
import { checkKubeconfig, testConnection, type ConnectionPolicy } from '../../../lib/cluster-test.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { judgeIdentity } from '../../../lib/same-cluster.ts'
import { sendWarnings } from './resource-actions.ts'

/** The credential of a joined cluster: another one is tested, found to reach the same cluster, and takes its place. */
export const clusterCredentialRoutes: FastifyPluginAsyncTypebox<{
  policy: ConnectionPolicy
  hubUid: () => Promise<string | undefined>
}> = async (app, { policy, hubUid }) => {
  app.post(
    `${API_ROOT}/clusters/:cluster/credential/-test`,
    { schema: { params: ClusterParams, body: RenewCredential, response: { 200: ConnectionTest } } },
    async (request) => {
      await assertMayRenew(request)
      const stored = await readStored(await request.kube(HUB), request.params.cluster, policy)
      return test(stored, request.body, policy)
    },
  )

  app.put(
    `${API_ROOT}/clusters/:cluster/credential`,
    { schema: { params: ClusterParams, body: RenewCredential, response: { 200: ConnectionTest } } },
    async (request, reply) => {
      await assertMayRenew(request)
      const hub = await request.kube(HUB)
      const stored = await readStored(hub, request.params.cluster, policy)
      const spec = checkKubeconfig(request.body, policy)
      const tested = await test(stored, request.body, policy)
      const failed = tested.steps.find(({ result }) => result === 'failed')
      if (failed) {
        const { message, step, code } = failed
        const fields = [{ field: 'kubeconfig', message }]
        throw new ProblemError('invalid-input', message, { fields, params: { step, reason: code } })
      }
      const { account } = request.body
      const site = { name: request.params.cluster, spec, hub: (await hubUid()) ?? 'unknown' }
      const made = account && (await makeAccount(site, account))
      const { warnings } = await store(hub, stored, made?.spec ?? spec).catch(async (error: unknown) => {
        await made?.undo()
        throw error
      })
      await made?.endOlderTokens()
      return sendWarnings(reply, warnings).send(tested)
    },
  )
}

/** A cluster whose credential lies in a Secret of ours, as it is now. */
interface Stored {
  cluster: Cluster
  secretName: string
  /** Absent when somebody has deleted it. */
  secret: KubeResource | undefined
  /** What it holds, when that can be read. */
  spec: ClusterConnectionSpec | undefined
}

async function readStored(hub: ResourceClient, name: string, policy: ConnectionPolicy): Promise<Stored> {
  const cluster = await hub.get<Cluster>('Cluster', { name })
  const secretName = cluster.spec.access.secretRef?.name
  if (secretName === undefined) {
    const message = `The credential of cluster ${name} does not lie in a Secret that Meshdeck keeps; renew it where it is kept`
    throw new ProblemError('invalid-input', message, { fields: [{ field: 'cluster', message }] })
  }
  const secret = await hub
    .get('Secret', { namespace: MESHDECK_NAMESPACE, name: secretName })
    .catch((error: unknown) => {
      if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
      throw error
    })
  return { cluster, secretName, secret, spec: secret && specIn(secret, policy) }
}

/** The credential that is replaced may be broken or expired, which is why. */
function specIn({ data }: KubeResource, { allowLoopback }: ConnectionPolicy): ClusterConnectionSpec | undefined {
  const text = isRecord(data) ? data['kubeconfig'] : undefined
  if (typeof text !== 'string') return undefined
  try {
    // Whether its certificate has ended does not matter here.
    return parseKubeconfig(Buffer.from(text, 'base64').toString('utf8'), { allowLoopback, now: new Date(0) })
  } catch (error) {
    if (error instanceof KubeconfigError) return undefined
    throw error
  }
}

function test({ cluster, spec }: Stored, input: RenewCredential, policy: ConnectionPolicy): Promise<ConnectionTest> {
  const { name } = cluster.metadata
  const known = { name, uid: cluster.status?.clusterUid, spec }
  return testConnection(
    { ...input, name, surroundings: false, identify: (found) => judgeIdentity(known, found) },
    policy,
  )
}

/** Puts it in place of what was read before the test; a change in between is a conflict. */
function store(hub: ResourceClient, { cluster, secretName, secret }: Stored, spec: ClusterConnectionSpec) {
  const fresh = toCredentialSecret(cluster.metadata.name, spec)
  const metadata = { ...fresh.metadata, name: secretName }
  if (secret === undefined) return hub.create('Secret', { ...fresh, metadata })
  const kept = isRecord(secret['data']) ? secret['data'] : {}
  const data = isRecord(fresh['data']) ? fresh['data'] : {}
  return hub.replace('Secret', { ...secret, data: { ...kept, ...data } })
}

async function assertMayRenew(request: FastifyRequest): Promise<void> {
  const missing = { verb: 'update', group: '', resource: 'secrets', namespace: MESHDECK_NAMESPACE }
  const { allowed } = await request.rights(HUB).check(missing)
  if (!allowed) throw new ProblemError('forbidden', 'You may not change the credentials of clusters', { missing })
}
