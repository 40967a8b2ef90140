import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountPlan } from '@meshdeck/contract'
import { FIELD_MANAGER, isRecord, MESHDECK_NAMESPACE, type AccountChoice, type KubeResource } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  KubeStatusError,
  STORED,
  type ClusterConnectionSpec,
  type ObjectRef,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { ACCOUNT_NAME, accountCommands, accountObjects, HUB_LABEL, type AccountObject } from '@meshdeck/mesh'
import { stringify } from 'yaml'
import { problemOfError } from './problem-of-error.ts'
import { ProblemError } from './problem.ts'

/** Kubernetes fills a token in within a second; one that never comes is told of. */
const TOKEN_LIMIT_MS = 15_000
const TOKEN_POLL_MS = 200
const APPLY = { fieldManager: FIELD_MANAGER }

/** A cluster by a credential that may make accounts there. */
export interface AccountSite {
  name: string
  spec: ClusterConnectionSpec
  /** uid of the hub's kube-system: tells tokens of this hub from those of others. */
  hub: string
}

/** What was made, and how to take it back. */
export interface MadeAccount {
  /** The same cluster by the account's own token. */
  spec: ClusterConnectionSpec
  /** Deletes what was not there before. */
  undo(): Promise<void>
  /** Ends the tokens that this hub had before. */
  endOlderTokens(): Promise<void>
}

/** The objects of an account, and what the cluster's dry run says to each. */
export async function planAccount(site: AccountSite, choice: AccountChoice): Promise<AccountPlan> {
  const token = tokenName()
  const planned = accountObjects(choice, { name: token, hub: site.hub })
  const objects = await withClient(site, async (client) => {
    const results: AccountPlan['objects'] = []
    const isNew = (await getIfThere(client, 'Namespace', { name: MESHDECK_NAMESPACE })) === undefined
    for (const each of planned) results.push(await tryObject(client, each, isNew))
    return results
  })
  return {
    ok: objects.every(({ result }) => result !== 'failed'),
    objects,
    yaml: planned.map(({ object }) => stringify(object)).join('---\n'),
    commands: accountCommands(token),
  }
}

async function tryObject(
  client: ResourceClient,
  { kind, object }: AccountObject,
  namespaceIsNew: boolean,
): Promise<AccountPlan['objects'][number]> {
  const { name, namespace } = object.metadata
  const row = { kind, name, ...(namespace === undefined ? {} : { namespace }) }
  try {
    const there = await getIfThere(client, kind, object.metadata)
    if (there === undefined && namespace !== undefined && namespaceIsNew) return { ...row, result: 'later' }
    const { resource } = await client.apply(kind, object, { ...APPLY, dryRun: true })
    if (there === undefined) return { ...row, result: 'created' }
    const same = there.metadata.generation === resource.metadata.generation && isSameContent(there, resource)
    return { ...row, result: same ? 'unchanged' : 'changed' }
  } catch (error) {
    if (!(error instanceof KubeStatusError)) throw error
    const { detail, title } = problemOfError(error, client.cluster)
    return { ...row, result: 'failed', message: detail ?? title }
  }
}

/** Makes an account and waits for its token. What it had made when something fails is taken back. */
export async function makeAccount(site: AccountSite, choice: AccountChoice): Promise<MadeAccount> {
  const token = { namespace: MESHDECK_NAMESPACE, name: tokenName() }
  const planned = accountObjects(choice, { name: token.name, hub: site.hub })
  const made: AccountObject[] = []
  const undo = (): Promise<void> =>
    withClient(site, async (client) => {
      for (const { kind, object } of made.toReversed()) await client.delete(kind, refOf(object)).catch(ignoreStatus)
    })
  try {
    const text = await withClient(site, async (client) => {
      for (const each of planned) {
        const there = await getIfThere(client, each.kind, each.object.metadata)
        await client.apply(each.kind, each.object, APPLY)
        if (there === undefined) made.push(each)
      }
      return waitForToken(client, token)
    })
    const { clientCert: _cert, clientKey: _key, tokenFile: _file, ...kept } = site.spec
    const spec = { ...kept, token: text, contextName: ACCOUNT_NAME }
    await assertAccepted(site.name, spec)
    return {
      spec,
      undo,
      endOlderTokens: () => withClient(site, (client) => endOlderTokens(client, site.hub, token.name)),
    }
  } catch (error) {
    await undo()
    throw error
  }
}

/** Throws what the cluster says to the new credential. */
async function assertAccepted(name: string, spec: ClusterConnectionSpec): Promise<void> {
  const connection = createConnection(spec, { name })
  try {
    await connection.request({ path: '/version' })
  } finally {
    void connection.close()
  }
}

async function waitForToken(client: ResourceClient, ref: Required<ObjectRef>): Promise<string> {
  const deadline = performance.now() + TOKEN_LIMIT_MS
  while (performance.now() < deadline) {
    const { data } = await client.get('Secret', ref)
    const token = isRecord(data) ? data['token'] : undefined
    if (typeof token === 'string' && token !== '') return Buffer.from(token, 'base64').toString('utf8')
    await sleep(TOKEN_POLL_MS)
  }
  throw new ProblemError(
    'cluster-timeout',
    `The cluster has put no token into Secret ${ref.namespace}/${ref.name} for ${TOKEN_LIMIT_MS / 1000} s; does its controller-manager run?`,
    { cluster: client.cluster },
  )
}

async function endOlderTokens(client: ResourceClient, hub: string, kept: string): Promise<void> {
  const labelSelector = `${HUB_LABEL}=${hub}`
  const { items } = await client.listAll('Secret', { namespace: MESHDECK_NAMESPACE, labelSelector })
  for (const { metadata } of items) {
    if (metadata.name === kept) continue
    await client.delete('Secret', { namespace: MESHDECK_NAMESPACE, name: metadata.name }).catch(ignoreStatus)
  }
}

async function withClient<T>({ name, spec }: AccountSite, act: (client: ResourceClient) => Promise<T>): Promise<T> {
  const connection = createConnection(spec, { name })
  try {
    return await act(createResourceClient(connection, STORED))
  } finally {
    void connection.close()
  }
}

async function getIfThere(
  client: ResourceClient,
  kind: AccountObject['kind'],
  { name, namespace }: KubeResource['metadata'],
): Promise<KubeResource | undefined> {
  try {
    return await client.get(kind, { name, ...(namespace === undefined ? {} : { namespace }) })
  } catch (error) {
    if (error instanceof KubeStatusError && error.httpStatus === 404) return undefined
    throw error
  }
}

/** Each token has a name of its own, so that the one before works until the new one is stored. */
const tokenName = (): string => `${ACCOUNT_NAME}-${crypto.randomUUID().slice(0, 8)}`

const refOf = ({ metadata: { name, namespace } }: KubeResource): ObjectRef => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
})

const isSameContent = (a: KubeResource, b: KubeResource): boolean =>
  JSON.stringify([a['rules'], a['subjects'], a.metadata.labels]) ===
  JSON.stringify([b['rules'], b['subjects'], b.metadata.labels])

/** What cannot be taken back does no harm, and is not worth hiding why it is taken back. */
function ignoreStatus(error: unknown): void {
  if (!(error instanceof KubeStatusError)) throw error
}
