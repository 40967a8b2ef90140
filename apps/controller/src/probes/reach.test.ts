import {
  ClusterCredentialError,
  ClusterUnreachableError,
  InvalidRequestError,
  KubeStatusError,
} from '@meshdeck/kube-client'
import { afterEach, describe, expect, it } from 'vitest'
import { sendJson, sendStatus, startEdgeServer, type EdgeServer } from '../testing/edge-server.ts'
import { reachCluster } from './reach.ts'

const signal = new AbortController().signal

let server: EdgeServer | undefined
afterEach(() => server?.close())

/** Reaches a cluster that answers `/version` and `/readyz` with these codes. */
async function reach(version: number, readyz = 200) {
  const forgotten: string[] = []
  const edge = await startEdgeServer(({ path }, response) => {
    const code = path === '/version' ? version : readyz
    if (code !== 200) return sendStatus(response, code, 'etcd failed')
    sendJson(response, path === '/version' ? { gitVersion: 'v1.36.3' } : 'ok')
  })
  server = edge
  const registry = {
    connection: async () => edge.connection,
    forget: async (name: string) => void forgotten.push(name),
  }
  return { ...(await reachCluster(registry, 'prod', signal)), forgotten }
}

/** Reaches a cluster to which there is no connection. */
const reachWithout = (error: Error) =>
  reachCluster(
    {
      connection: async () => {
        throw error
      },
      forget: async () => undefined,
    },
    'prod',
    signal,
  )

const statusError = (code: number) =>
  new KubeStatusError(
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'secrets is forbidden' },
    code,
  )

describe('reaching a cluster', () => {
  it('finds one that answers and is ready', async () => {
    expect(await reach(200)).toMatchObject({
      reachable: true,
      version: 'v1.36.3',
      condition: { type: 'Reachable', status: 'True', reason: 'Answers' },
      forgotten: [],
    })
  })

  it.each([403, 404])('makes do without /readyz where it is kept from accounts (%i)', async (code) => {
    expect(await reach(200, code)).toMatchObject({ reachable: true })
  })

  it.each([
    [200, 500, 'NotReady', 'etcd failed'],
    [500, 200, 'NotReady', 'not ready (500)'],
    [401, 200, 'Unauthorized', 'Bring in a new kubeconfig'],
    [403, 200, 'Forbidden', 'Give its account the rights'],
  ])('says what is wrong: /version %i, /readyz %i', async (version, readyz, reason, words) => {
    const { condition, forgotten } = await reach(version, readyz)
    expect(condition).toMatchObject({ status: 'False', reason, message: expect.stringContaining(words) })
    // The next look reads the credential again.
    expect(forgotten).toEqual(['prod'])
  })

  it.each([
    [
      'SecretMissing',
      new ClusterCredentialError('prod', 'secret-missing', 'Secret x is gone; join cluster prod again'),
      'join cluster prod again',
    ],
    [
      'CredentialNotHere',
      new ClusterCredentialError('prod', 'context-missing', 'not started with it'),
      'not started with it',
    ],
    [
      'AddressDenied',
      new ClusterUnreachableError('address-denied', 'prod', 'Cluster prod has an address'),
      'has an address',
    ],
    ['SecretNameInvalid', new InvalidRequestError('name', '"../x" is not a valid name'), 'spec.access.secretRef.name'],
    ['SecretForbidden', statusError(403), 'right to get Secrets'],
  ])('says why there is no way to it: %s', async (reason, error, words) => {
    const { condition } = await reachWithout(error)
    expect(condition).toMatchObject({ status: 'False', reason, message: expect.stringContaining(words) })
  })

  it.each([
    // A cluster may be called as the hub's connection is; what fails here is the hub.
    ['unreachable', new ClusterUnreachableError('refused', 'prod', 'the hub is down')],
    ['broken', statusError(500)],
  ])('blames no cluster for a hub that is %s', async (_, error) => {
    await expect(reachWithout(error)).rejects.toBe(error)
  })
})
