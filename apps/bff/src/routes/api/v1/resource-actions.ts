import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  HUB,
  isNamespaceName,
  type Cluster,
  type KindDefinition,
  type KindId,
  type KubeResource,
  type Mesh,
} from '@meshdeck/kube'
import { KubeStatusError, PatchStrategy, type ObjectRef, type ResourceClient } from '@meshdeck/kube-client'
import { deletionPatch } from '@meshdeck/mesh'
import { fieldManagerOf } from '../../../lib/field-manager.ts'
import type { Caller } from '../../../lib/identity.ts'
import { splitList } from '../../../lib/paging.ts'
import { problemOfStatus } from '../../../lib/problem-of-status.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { meshesOf } from '../../../lib/views/clusters.ts'

/** Refuses writes to kinds that Meshdeck only reads. */
export function readOnly(kind: KindDefinition): void {
  if (kind.access !== 'full')
    throw new ProblemError('read-only-kind', `Meshdeck reads ${kind.kind} objects and does not write them`)
}

/** Lists a kind that is not watched, straight from the cluster: everywhere, or namespace by namespace where only that is allowed. */
export async function listLive(
  request: FastifyRequest,
  cluster: string,
  kind: KindId,
  namespaces: string | undefined,
): Promise<readonly KubeResource[]> {
  const client = await request.kube(cluster)
  const wanted = splitList(namespaces)
  if (wanted === undefined) return (await client.listAll(kind)).items
  const lists = await Promise.all(
    [...wanted].filter(isNamespaceName).map((namespace) => client.listAll(kind, { namespace })),
  )
  return lists.flatMap(({ items }) => items)
}

/** On a conflict, adds the server's present copy to the Problem, as far as the caller may read it. */
export async function withCurrent<T>(
  client: ResourceClient,
  kind: KindId,
  ref: ObjectRef,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof KubeStatusError) || error.httpStatus !== 409) throw error
    const problem = problemOfStatus(error, client.cluster)
    if (problem.code !== 'conflict') throw error
    const current = await client.get(kind, ref).catch(() => undefined)
    throw new ProblemError('conflict', problem.detail, { ...problem, ...(current === undefined ? {} : { current }) })
  }
}

/**
 * Writes into an object who deletes it and why: once it is gone nothing tells. Whoever may delete and not
 * write, or has an object that no webhook takes any more, deletes without. Returns the version that may be deleted, if
 * one was asked for.
 */
export async function markDeletion(
  client: ResourceClient,
  kind: KindId,
  ref: ObjectRef,
  {
    resourceVersion,
    reason,
    caller,
  }: { resourceVersion: string | undefined; reason: string | undefined; caller: Caller },
): Promise<{ resourceVersion: string | undefined }> {
  const { metadata } = deletionPatch(reason)
  const patch = { metadata: { ...metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) } }
  try {
    const { resource } = await client.patch(kind, ref, patch, {
      strategy: PatchStrategy.merge,
      fieldManager: fieldManagerOf(caller),
    })
    return { resourceVersion: resourceVersion === undefined ? undefined : resource.metadata.resourceVersion }
  } catch (error) {
    // A version that is not the present one any more, or an object that is gone, is what the deletion would say as well.
    if (!(error instanceof KubeStatusError)) throw error
    return { resourceVersion }
  }
}

/** Meshdeck's own records have reasons to stay: a protected mesh, a cluster that a mesh names. */
export async function assertDeletable(request: FastifyRequest, kind: KindId, name: string): Promise<void> {
  if (kind !== 'Mesh' && kind !== 'Cluster') return
  const hub = await request.kube(HUB)
  if (kind === 'Mesh') {
    const mesh = await hub.get<Mesh>('Mesh', { name })
    if (mesh.spec.protected === true) {
      throw new ProblemError('mesh-protected', `Mesh ${name} is protected; turn the protection off first`, {
        params: { mesh: name },
      })
    }
    return
  }
  await hub.get<Cluster>('Cluster', { name })
  const meshes = meshesOf(name, (await hub.listAll<Mesh>('Mesh')).items)
  if (meshes.length > 0) {
    throw new ProblemError('cluster-in-use', `Cluster ${name} belongs to ${meshes.join(', ')}; take it out first`, {
      params: { cluster: name, meshes },
    })
  }
}

/** Repeats the warnings of the API server and its webhooks. */
export function sendWarnings(reply: FastifyReply, warnings: readonly string[]): FastifyReply {
  if (warnings.length === 0) return reply
  // Header values are Latin-1 on the wire; Kubernetes puts UTF-8 bytes there, and so do we.
  const texts = warnings.map((text) =>
    Buffer.from(text.replace(/[\0-\x1f\x7f]/g, ' ').replace(/["\\]/g, '\\$&')).toString('latin1'),
  )
  return reply.header(
    'warning',
    texts.map((text) => `299 - "${text}"`),
  )
}

/** Server-side apply takes YAML, of which JSON is a part; that part is what we take. Throws `ProblemError`. */
export function parsePatchBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError('bad-request', 'The body of a patch must be JSON')
  }
}
