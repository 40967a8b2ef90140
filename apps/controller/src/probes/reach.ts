import { isRecord } from '@meshdeck/kube'
import {
  ClusterCredentialError,
  ClusterUnreachableError,
  createResourceClient,
  InvalidRequestError,
  KubeStatusError,
  messageOf,
  STORED,
  type ClusterConnection,
  type ClusterRegistry,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { reasonOf, type Finding } from '../status/conditions.ts'

const PROBE_TIMEOUT_MS = 5_000

type Connections = Pick<ClusterRegistry, 'connection' | 'forget'>

/** A cluster that answers, or why it does not. */
export type Reach =
  | {
      reachable: true
      condition: Finding
      connection: ClusterConnection
      client: ResourceClient
      version: string | undefined
    }
  | { reachable: false; condition: Finding }

/**
 * Asks a cluster for its version and whether it is ready. Throws only what has nothing to do with this cluster: an
 * unreachable hub, or an abort.
 */
export async function reachCluster(registry: Connections, name: string, signal: AbortSignal): Promise<Reach> {
  return withConnection(registry, name, signal, async (connection) => {
    const call = { signal, timeoutMs: PROBE_TIMEOUT_MS }
    const { body } = await connection.request<unknown>({ path: '/version', ...call })
    const version = isRecord(body) && typeof body['gitVersion'] === 'string' ? body['gitVersion'] : undefined
    await connection.request({ path: '/readyz', ...call }).catch(allowForbidden)
    const message = `The API server answers${version === undefined ? '' : ` (Kubernetes ${version})`}.`
    const client = createResourceClient(connection, STORED)
    return { reachable: true, connection, client, version, condition: finding('True', 'Answers', message) }
  })
}

/** Whether a cluster that has answered before still does, by one cheap request; throws as `reachCluster`. */
export async function stillReached(
  registry: Connections,
  name: string,
  signal: AbortSignal,
): Promise<{ reachable: true; connection: ClusterConnection } | { reachable: false; condition: Finding }> {
  return withConnection(registry, name, signal, async (connection) => {
    await connection.request({ path: '/readyz', signal, timeoutMs: PROBE_TIMEOUT_MS }).catch(allowForbidden)
    return { reachable: true, connection }
  })
}

/** Asks over the cluster's connection, or says why there is none, or why it does not answer. */
async function withConnection<T>(
  registry: Connections,
  name: string,
  signal: AbortSignal,
  ask: (connection: ClusterConnection) => Promise<T>,
): Promise<T | { reachable: false; condition: Finding }> {
  let connection: ClusterConnection | undefined
  try {
    connection = await registry.connection(name)
  } catch (error) {
    return { reachable: false, condition: noCredential(name, error) }
  }
  signal.throwIfAborted()
  if (!connection) {
    const message = `Cluster ${name} has just come; it is asked in a moment.`
    return { reachable: false, condition: finding('Unknown', 'Waiting', message) }
  }
  try {
    return await ask(connection)
  } catch (error) {
    return { reachable: false, condition: await lostCluster(registry, name, error, signal) }
  }
}

/** Words for what a cluster threw. Rejects only when aborted; the credential is read again the next time. */
export async function lostCluster(
  registry: Connections,
  name: string,
  error: unknown,
  signal: AbortSignal,
): Promise<Finding> {
  signal.throwIfAborted()
  // The Secret may hold another credential or address by now.
  await registry.forget(name)
  if (error instanceof ClusterUnreachableError) return finding('False', reasonOf(error.reason), `${error.message}.`)
  if (!(error instanceof KubeStatusError))
    return finding('False', 'CannotAsk', `Cluster ${name} cannot be asked: ${messageOf(error)}.`)
  if (error.httpStatus === 401) {
    const message = `Cluster ${name} does not accept the stored credential (401); it has ended or was taken back. Bring in a new kubeconfig.`
    return finding('False', 'Unauthorized', message)
  }
  if (error.httpStatus === 403) {
    const message = `The stored credential is not allowed to ask cluster ${name} (403): ${error.message}. Give its account the rights that a signed-in user has.`
    return finding('False', 'Forbidden', message)
  }
  const message = `The API server of cluster ${name} says that it is not ready (${error.httpStatus}): ${error.message}`
  return finding('False', 'NotReady', message)
}

/** Some clusters keep `/readyz` from ordinary accounts; that they say so will do. */
function allowForbidden(error: unknown): void {
  if (!(error instanceof KubeStatusError) || (error.httpStatus !== 403 && error.httpStatus !== 404)) throw error
}

/** Why there is no connection to a cluster; throws what lies with the hub, not with this cluster's record. */
function noCredential(name: string, error: unknown): Finding {
  if (error instanceof ClusterCredentialError) {
    // A context lies in the file of the process that brought it; this one may run without that file.
    const reason = error.code === 'context-missing' ? 'CredentialNotHere' : reasonOf(error.code)
    return finding('False', reason, `${error.message}.`)
  }
  if (error instanceof InvalidRequestError) {
    const message = `spec.access.secretRef.name of cluster ${name} is not a name of a Secret: ${error.message}.`
    return finding('False', 'SecretNameInvalid', message)
  }
  if (error instanceof ClusterUnreachableError && error.reason === 'address-denied')
    return finding('False', reasonOf(error.reason), `${error.message}.`)
  if (error instanceof KubeStatusError && error.httpStatus === 403) {
    const message = `The hub does not let Meshdeck read the credential of cluster ${name}: ${error.message}. Give the controller's account the right to get Secrets in meshdeck-system.`
    return finding('False', 'SecretForbidden', message)
  }
  throw error
}

const finding = (status: Finding['status'], reason: string, message: string): Finding => ({
  type: 'Reachable',
  status,
  reason,
  message,
})
