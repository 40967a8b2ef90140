import type { ClusterFailure, TlsSecretUser } from '@meshdeck/contract'
import { isNamespaceName, kindOf, type KindId, type KubeResource, type Mesh } from '@meshdeck/kube'
import { credentialReferences, CREDENTIAL_USER_KINDS, DEFAULT_FACTS } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { mapBounded } from '../../../lib/bounded.ts'
import { splitList } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { forbiddenProblem } from '../../../lib/resource-rows.ts'
import { isTlsSecret, TLS_SECRET_TYPES } from '../../../lib/tls/tls-secret.ts'
import { inventoriesOf } from './mesh-inputs.ts'

const PARALLEL_LISTS = 8

/** Who names which Secret, as far as the caller sees configuration. */
export interface CredentialUsers {
  of(cluster: string, secret: KubeResource): TlsSecretUser[]
  hidden: readonly KindId[]
  failures: readonly ClusterFailure[]
}

export async function credentialUsers(request: FastifyRequest, mesh: Mesh): Promise<CredentialUsers> {
  // Deployments tell which clusters have an istiod of their own.
  const { inventories, configured, hidden, failures } = await inventoriesOf(request, mesh, [
    ...CREDENTIAL_USER_KINDS,
    'Deployment',
  ])
  const references = configured.flatMap((config) =>
    credentialReferences({
      config,
      members: inventories.filter((each) => each !== config),
      facts: DEFAULT_FACTS,
    }),
  )
  const bySecret = Map.groupBy(
    references.flatMap(({ clusters, ...reference }) => clusters.map((cluster) => ({ cluster, ...reference }))),
    ({ cluster, namespace, name }) => `${cluster} ${namespace}/${name}`,
  )
  return {
    of: (cluster, { metadata }) => {
      const found = (bySecret.get(`${cluster} ${metadata.namespace ?? ''}/${metadata.name}`) ?? []).map(
        ({ by, refused }): TlsSecretUser => ({ ...by, ...(refused === undefined ? {} : { refused }) }),
      )
      // A gateway whose pods are in several places names the same Secret once.
      return [...new Map(found.map((user) => [JSON.stringify(user), user])).values()]
    },
    hidden: hidden.filter((kind) => kind !== 'Deployment'),
    failures,
  }
}

/**
 * The TLS Secrets of a cluster, live as the caller: everywhere, or in those namespaces where it may list Secrets. Of what
 * else lies in Secrets (releases, tokens) nothing is read.
 */
export async function readTlsSecrets(
  request: FastifyRequest,
  cluster: string,
  wanted: string | undefined,
): Promise<{ cluster: string; secrets: KubeResource[]; failure?: ClusterFailure }> {
  try {
    const { failure } = request.server.fleetState.of(cluster)
    if (failure !== undefined) return { cluster, secrets: [], failure }
    const named = splitList(wanted)
    const known = named ?? (await namespacesOf(request, cluster))
    const listable = await request.rights(cluster).listable('Secret', [...known].filter(isNamespaceName))
    if (listable !== 'all' && listable.size === 0) throw ProblemError.from(forbiddenProblem(kindOf('Secret'), cluster))
    const places =
      listable === 'all' ? (named === undefined ? [undefined] : [...named].filter(isNamespaceName)) : [...listable]
    const client = await request.kube(cluster)
    const lists = await mapBounded(
      places.flatMap((namespace) => TLS_SECRET_TYPES.map((type) => ({ namespace, type }))),
      PARALLEL_LISTS,
      ({ namespace, type }) =>
        client.listAll('Secret', {
          fieldSelector: `type=${type}`,
          ...(namespace === undefined ? {} : { namespace }),
        }),
    )
    return { cluster, secrets: lists.flatMap(({ items }) => items).filter(isTlsSecret) }
  } catch (error) {
    return { cluster, secrets: [], failure: { cluster, problem: request.problemOf(error, cluster) } }
  }
}

async function namespacesOf(request: FastifyRequest, cluster: string): Promise<string[]> {
  const { objects } = await request.readable(cluster, 'Namespace')
  return objects.map(({ metadata }) => metadata.name)
}
