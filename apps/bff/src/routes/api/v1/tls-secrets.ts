import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  CreateTlsSecret,
  DeleteTlsSecretQuery,
  DryRunQuery,
  MeshParams,
  ReplaceTlsSecret,
  TlsSecretDetail,
  TlsSecretPage,
  TlsSecretParams,
  TlsSecretQuery,
  TlsSecretView,
  type TlsFault,
} from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { PatchStrategy } from '@meshdeck/kube-client'
import { patchWithReason, withReason } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { fieldManagerOf } from '../../../lib/field-manager.ts'
import { pageOf, splitList, type RowReader } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { inspectMaterial, type TlsMaterial } from '../../../lib/tls/inspect-material.ts'
import { FAULT_WORDS } from '../../../lib/tls/fault-words.ts'
import { isTlsSecret, materialOf, toTlsSecret, toTlsSecretPatch, toTlsSecretView } from '../../../lib/tls/tls-secret.ts'
import { clustersOf, meshOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'
import { markDeletion } from './resource-actions.ts'
import { credentialUsers, readTlsSecrets } from './tls-secret-reads.ts'

/**
 * Secrets with certificates, read live as the caller: nothing of them is cached. Certificates are read here, and no
 * answer holds a key, nor text that was made from one.
 */
export const tlsSecretRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const list = `${API_ROOT}/meshes/:mesh/tls-secrets`
  const one = `${list}/:cluster/:namespace/:name`

  app.get(
    list,
    { schema: { params: MeshParams, querystring: TlsSecretQuery, response: { 200: TlsSecretPage } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { state, ...query } = request.query
      const [found, users] = await Promise.all([
        Promise.all(clustersOf(mesh, query).map((cluster) => readTlsSecrets(request, cluster, query.namespace))),
        credentialUsers(request, mesh),
      ])
      const now = new Date()
      const failures = found.flatMap(({ failure }) => failure ?? [])
      const [failure] = failures
      if (failure !== undefined && found.every((each) => each.failure !== undefined))
        throw ProblemError.from(failure.problem)
      const views = found.flatMap(({ cluster, secrets }) =>
        secrets.map((secret) => toTlsSecretView(cluster, secret, users.of(cluster, secret), now)),
      )
      const states = splitList(state)
      const page = pageOf(views, { sort: 'expiry', ...query }, rows, (row) => states?.has(row.state) ?? true)
      return { ...page, hidden: [...users.hidden], failures: onePerCluster([...failures, ...users.failures]) }
    },
  )

  app.get(one, { schema: { params: TlsSecretParams, response: { 200: TlsSecretDetail } } }, async (request) => {
    const { cluster } = request.params
    const { mesh, secret } = await secretOf(request)
    const users = await credentialUsers(request, mesh)
    const view = toTlsSecretView(cluster, secret, users.of(cluster, secret), new Date())
    return { secret: view, hidden: [...users.hidden] }
  })

  app.post(
    list,
    {
      schema: {
        params: MeshParams,
        querystring: DryRunQuery,
        body: CreateTlsSecret,
        response: { 200: TlsSecretView, 201: TlsSecretView },
      },
    },
    async (request, reply) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { cluster } = request.body
      if (!clustersOf(mesh).includes(cluster))
        throw new ProblemError('invalid-input', `body: cluster ${cluster} is not of this mesh`, {
          fields: [{ field: 'cluster', message: 'is not of this mesh' }],
        })
      const { reason = '' } = request.body
      const secret = withReason(toTlsSecret(request.body, checked(request.body)), reason)
      const client = await request.kube(cluster)
      const dryRun = request.query.dryRun === 'All'
      const { resource } = await client.create('Secret', secret, {
        dryRun,
        fieldManager: fieldManagerOf(request.caller),
      })
      const users = await credentialUsers(request, mesh)
      return reply
        .code(dryRun ? 200 : 201)
        .send(toTlsSecretView(cluster, resource, users.of(cluster, resource), new Date()))
    },
  )

  app.put(
    one,
    {
      schema: {
        params: TlsSecretParams,
        querystring: DryRunQuery,
        body: ReplaceTlsSecret,
        response: { 200: TlsSecretView },
      },
    },
    async (request) => {
      const { cluster, namespace, name } = request.params
      const { mesh, secret } = await secretOf(request)
      const { resourceVersion, reason, ...given } = request.body
      const material = checked({ ...materialOf(secret), ...given })
      const patch = patchWithReason(toTlsSecretPatch(secret, resourceVersion, material), reason)
      const client = await request.kube(cluster)
      // A conflict is told without the present copy, as that would hold the key.
      const { resource } = await client.patch<KubeResource>('Secret', { namespace, name }, patch, {
        strategy: PatchStrategy.merge,
        fieldManager: fieldManagerOf(request.caller),
        dryRun: request.query.dryRun === 'All',
      })
      const users = await credentialUsers(request, mesh)
      return toTlsSecretView(cluster, resource, users.of(cluster, resource), new Date())
    },
  )

  app.delete(
    one,
    { schema: { params: TlsSecretParams, querystring: DeleteTlsSecretQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { cluster, namespace, name } = request.params
      const { resourceVersion, force = false, reason = '' } = request.query
      const { mesh, secret } = await secretOf(request)
      const users = (await credentialUsers(request, mesh)).of(cluster, secret)
      if (users.length > 0 && !force) {
        const named = users.map((user) => `${user.kind} ${user.namespace}/${user.name}`)
        throw new ProblemError(
          'secret-in-use',
          `Secret ${namespace}/${name} is named by ${named.join(', ')}; change those first, or ask with force=true`,
          { cluster, params: { users: named } },
        )
      }
      const client = await request.kube(cluster)
      const ref = { namespace, name }
      // No history needs the author: without a reason nothing is written.
      const preconditions =
        reason.trim() === ''
          ? { resourceVersion }
          : await markDeletion(client, 'Secret', ref, { resourceVersion, reason, caller: request.caller })
      await client.delete(
        'Secret',
        ref,
        preconditions.resourceVersion === undefined
          ? {}
          : { preconditions: { resourceVersion: preconditions.resourceVersion } },
      )
      return reply.code(204).send(null)
    },
  )
}

/** The Secret of an address. Throws `ProblemError` (`not-found`) for one that no gateway could use: those are not for here. */
async function secretOf(
  request: FastifyRequest & { params: { mesh: string; cluster: string; namespace: string; name: string } },
) {
  const { cluster, namespace, name } = request.params
  const mesh = await meshOf(request, request.params.mesh)
  if (!clustersOf(mesh).includes(cluster))
    throw new ProblemError('unknown-cluster', `There is no cluster ${cluster} in this mesh`, { params: { cluster } })
  const secret = await (await request.kube(cluster)).get('Secret', { namespace, name })
  if (!isTlsSecret(secret))
    throw new ProblemError('not-found', `Secret ${namespace}/${name} holds no certificate that a gateway could use`)
  return { mesh, secret }
}

/** The material in tidy PEM. Throws `ProblemError` (`invalid-input`) that names each field at fault and the cure. */
function checked(material: TlsMaterial): TlsMaterial {
  const { faults, tidy } = inspectMaterial(material, new Date())
  if (faults.length === 0) return tidy
  const fields = faults.map((fault) => ({ field: fieldOf(fault), message: FAULT_WORDS[fault.code](fault.at ?? 1) }))
  const detail = fields.map(({ field, message }) => `${field} ${message}`).join('; ')
  throw new ProblemError('invalid-input', `body: ${detail}`, { fields, params: { faults } })
}

const fieldOf = ({ code }: TlsFault): string => code.slice(0, code.indexOf('.'))

const STATES = ['broken', 'expired', 'soon', 'valid'] as const

const rows: RowReader<TlsSecretView> = {
  columns: {
    name: ({ name }) => name,
    namespace: ({ namespace }) => namespace,
    cluster: ({ cluster }) => cluster,
    issuer: ({ chain, authorities }) => (chain[0] ?? authorities[0])?.issuer,
    expiry: ({ notAfter }) => (notAfter === undefined ? undefined : Date.parse(notAfter)),
    state: ({ state }) => STATES.indexOf(state),
    users: ({ users }) => users.length,
    created: ({ created }) => created,
  },
  texts: ({ chain, authorities, users }) => [
    ...[...chain, ...authorities].flatMap(({ subject, issuer, names }) => [subject, issuer, ...names]),
    ...users.map(({ name }) => name),
  ],
  labels: ({ labels }) => labels,
  namespace: ({ namespace }) => namespace,
  clusters: ({ cluster }) => [cluster],
}
