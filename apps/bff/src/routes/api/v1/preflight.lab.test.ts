/** What the checks see of real API servers, where a real Istio runs in each. */
import type { PreflightView } from '@meshdeck/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BffApp } from '../../../app.ts'
import { clusterRecord, CSRF, LOCAL, meshRecord } from '../../../testing/bff.ts'
import { buildLabApp, ensure, openLab, remove, type Lab } from '../../../testing/lab.ts'

const clusters = [
  clusterRecord('look-alpha', 'alpha'),
  clusterRecord('look-beta', 'beta'),
  clusterRecord('look-off', 'off'),
]
const mesh = meshRecord('look', [], {
  mode: 'Managed',
  engine: 'Helm',
  controlPlane: { cluster: 'look-alpha', version: '1.30.3', size: 'S2000P8000' },
  members: [
    { cluster: 'look-alpha', network: 'one' },
    { cluster: 'look-beta', network: 'one' },
    { cluster: 'look-off' },
  ],
})

let lab: Lab
let app: BffApp

beforeAll(async () => {
  lab = openLab()
  for (const cluster of clusters) await ensure(lab.client('alpha'), cluster)
  // Port 1 of loopback: nobody listens there.
  app = await buildLabApp(lab, { off: 'https://127.0.0.1:1' })
})
afterAll(async () => {
  await app.close()
  for (const cluster of clusters) await remove(lab.client('alpha'), cluster)
  await lab.close()
})

async function look(person: Parameters<Lab['token']>[0], joining?: string[]) {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/preflight',
    headers: { ...LOCAL, ...CSRF, authorization: `Bearer ${lab.token(person)}` },
    payload: joining === undefined ? { mesh } : { mesh, joining },
  })
  return { status: answer.statusCode, body: answer.json<PreflightView>() }
}
const found = ({ body }: { body: PreflightView }, cluster: string) =>
  Object.fromEntries(
    (body.clusters.find((each) => each.cluster === cluster)?.checks ?? []).map(({ id, level, reason }) => [
      id,
      `${level} ${reason}`,
    ]),
  )

describe('checks on real API servers', { timeout: 60_000 }, () => {
  it('see the nodes’ clocks, the Istio that is there, its definitions and its webhooks', async () => {
    const seen = await look('admin')
    expect(seen.status, JSON.stringify(seen.body)).toBe(200)
    expect(found(seen, '-hub')).toMatchObject({ ownRights: 'ok all', charts: 'unknown ofController' })
    expect(found(seen, 'look-alpha')).toMatchObject({
      reach: 'ok answers',
      kubernetes: 'ok fits',
      rights: 'ok all',
      engine: 'error helmUnset',
      // The lab takes them from Istio's own file, as people do by `kubectl apply`.
      definitions: 'error noOwner',
      istio: 'error same',
      // The lab's istiod is a process beside the cluster, called by its address.
      admission: 'unknown outside',
      capacity: 'ok fits',
      clock: 'ok agree',
    })
    expect(found(seen, 'look-beta')).toMatchObject({
      apiServer: 'warning loopback',
      // The lab's Istio is newer than the one that is asked about.
      proxies: 'warning apart',
      trust: 'warning differs',
      addresses: 'unknown noRanges',
    })
    expect(found(seen, 'look-off')).toEqual({ reach: 'error lost' })
  })

  it('see of the mesh what a cluster that joins has to do with', async () => {
    const seen = await look('admin', ['look-beta'])
    expect(seen.body.clusters.map(({ cluster }) => cluster)).toEqual(['-hub', 'look-beta'])
    expect(found(seen, 'look-beta')).toMatchObject({ gateway: 'unknown notYet', trust: 'warning differs' })
  })

  it('are made with the rights of whoever asks', async () => {
    const seen = await look('viewer')
    expect(seen.status, JSON.stringify(seen.body)).toBe(200)
    expect(found(seen, '-hub')).toMatchObject({ ownRights: 'error missing' })
    expect(found(seen, 'look-alpha')).toMatchObject({ kubernetes: 'ok fits', rights: 'unknown forbidden' })
    expect((await look('nobody')).status).toBe(403)
  })
})
