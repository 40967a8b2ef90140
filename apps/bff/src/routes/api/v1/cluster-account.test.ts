import type { AccountPlan, ClusterView } from '@meshdeck/contract'
import { isRecord, MESHDECK_NAMESPACE, type AccountChoice } from '@meshdeck/kube'
import {
  createConnection,
  createResourceClient,
  parseKubeconfig,
  STORED,
  type ResourceClient,
} from '@meshdeck/kube-client'
import { accountRules } from '@meshdeck/mesh'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { accountKubeconfig } from '../../../testing/account-kubeconfig.ts'
import { CSRF, LOCAL } from '../../../testing/bff.ts'
import { startSandboxHub, type SandboxHub } from '../../../testing/sandbox-hub.ts'

/** For what comes by a watch; the machine may be busy. */
const PATIENT = { timeout: 10_000 }

const ROLE = { name: 'meshdeck' }
const WIDE: AccountChoice = { level: 'configure', actForUsers: true }

let fleet: SandboxHub
let hub: ResourceClient
let east: ResourceClient
let app: BffApp
let owner = ''
let viewer = ''

beforeAll(async () => {
  fleet = await startSandboxHub('empty')
  hub = fleet.client('hub')
  east = fleet.client('east-1')
  await hub.create('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MESHDECK_NAMESPACE } })
  owner = await accountKubeconfig(fleet, 'east-1', 'owner')
  viewer = await accountKubeconfig(fleet, 'east-1', 'viewer', 'view')
  app = await fleet.start()
})
afterAll(async () => {
  await fleet.close()
})

const send = (method: 'POST' | 'PUT', path: string, payload: object) =>
  app.inject({ method, url: `/api/v1/clusters/${path}`, headers: { ...LOCAL, ...CSRF }, payload })
const plan = async (account: AccountChoice, kubeconfig = owner) => {
  const answer = await send('POST', '-account', { name: 'east', kubeconfig, account })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json<AccountPlan>()
}
const storedKubeconfig = async (cluster: string) => {
  const { data } = await hub.get('Secret', { namespace: MESHDECK_NAMESPACE, name: `cluster-${cluster}` })
  return Buffer.from(String(isRecord(data) ? data['kubeconfig'] : ''), 'base64').toString('utf8')
}
const tokens = async () =>
  (await east.listAll('Secret', { namespace: MESHDECK_NAMESPACE })).items.map(({ metadata }) => metadata.name)
const rowsOf = ({ objects }: AccountPlan) => objects.map(({ kind, result }) => `${kind} ${result}`)

describe('an account of Meshdeck’s own', () => {
  it('is planned by the cluster’s dry run, and nothing is made', async () => {
    const planned = await plan(WIDE)
    expect(planned.ok).toBe(true)
    expect(rowsOf(planned)).toEqual([
      'Namespace created',
      'ServiceAccount later',
      'ClusterRole created',
      'ClusterRoleBinding created',
      'Secret later',
    ])
    expect(planned.yaml).toContain('- virtualservices')
    expect(planned.commands).toContain('kubectl apply --server-side')
    await expect(east.get('ClusterRole', ROLE)).rejects.toMatchObject({ httpStatus: 404 })
  })

  it('is not made by who may not, and the plan says so object by object', async () => {
    const planned = await plan(WIDE, viewer)
    expect(planned.ok).toBe(false)
    expect(planned.objects[2]).toMatchObject({
      kind: 'ClusterRole',
      result: 'failed',
      message: expect.stringContaining('clusterroles'),
    })
    const joined = await send('POST', '-join', { name: 'refused', kubeconfig: viewer, account: WIDE })
    expect([joined.statusCode, joined.json().code]).toEqual([403, 'forbidden'])
    await expect(hub.get('Cluster', { name: 'refused' })).rejects.toMatchObject({ httpStatus: 404 })
    await expect(east.get('ClusterRole', ROLE)).rejects.toMatchObject({ httpStatus: 404 })
  })

  it('is made on joining, and its credential alone is kept', async () => {
    const joined = await send('POST', '-join', { name: 'east', kubeconfig: owner, account: WIDE })
    expect(joined.statusCode, joined.body).toBe(201)
    const kept = await storedKubeconfig('east')
    const ownerToken = /"token": "([^"]+)"/.exec(owner)?.[1] ?? 'none'
    expect(kept).not.toContain(ownerToken)
    expect((await east.get('ClusterRole', ROLE))['rules']).toEqual(accountRules(WIDE))

    const spec = parseKubeconfig(kept, { allowLoopback: true })
    const connection = createConnection(spec)
    const account = createResourceClient(connection, STORED)
    const may = async (verb: string, group: string, resource: string) =>
      (await account.selfSubjectAccessReview({ verb, group, resource })).allowed
    expect(await may('create', 'networking.istio.io', 'virtualservices')).toBe(true)
    expect(await may('impersonate', '', 'users')).toBe(true)
    expect(await may('get', '', 'secrets')).toBe(false)
    expect(await may('create', 'sailoperator.io', 'istios')).toBe(false)
    await connection.close()

    await expect
      .poll(
        async () => (await app.inject({ url: '/api/v1/clusters/east', headers: LOCAL })).json<ClusterView>().state,
        PATIENT,
      )
      .toBe('reachable')
    const rows = rowsOf(await plan(WIDE))
    expect(rows.slice(0, 4).every((row) => row.endsWith(' unchanged'))).toBe(true)
    expect(rowsOf(await plan({ level: 'read', actForUsers: false }))).toContain('ClusterRole changed')
  })

  it('gets another level and another token when the credential is renewed by it; the token before ends', async () => {
    const [before] = await tokens()
    const account: AccountChoice = { level: 'install', actForUsers: false }
    const renewed = await send('PUT', 'east/credential', { kubeconfig: owner, account })
    expect(renewed.statusCode, renewed.body).toBe(200)
    expect((await east.get('ClusterRole', ROLE))['rules']).toEqual(accountRules(account))
    const after = await tokens()
    expect(after).toHaveLength(1)
    expect(after).not.toContain(before)
    await expect
      .poll(
        async () => (await app.inject({ url: '/api/v1/clusters/east', headers: LOCAL })).json<ClusterView>().state,
        PATIENT,
      )
      .toBe('reachable')
  })

  it('leaves nothing behind when the hub refuses the record', async () => {
    const before = await tokens()
    const joined = await send('POST', '-join', { name: 'east', kubeconfig: owner, account: WIDE })
    expect([joined.statusCode, joined.json().code]).toEqual([409, 'already-exists'])
    expect(await tokens()).toEqual(before)
  })

  it('has a level that there is', async () => {
    const answer = await send('POST', '-account', {
      name: 'east',
      kubeconfig: owner,
      account: { level: 'all', actForUsers: true },
    })
    expect([answer.statusCode, JSON.stringify(answer.json().fields)]).toEqual([400, expect.stringContaining('level')])
  })
})
