import type { PrometheusSettings } from '@meshdeck/kube'
import { expect, it } from 'vitest'
import { sendJson, startFakePrometheus, vectorOf } from './fake-prometheus.ts'
import { DEFAULT_LIMITS } from './governor/query-limits.ts'
import { createPrometheusPool } from './prometheus-pool.ts'

function poolWith(secrets: Record<string, Record<string, string>>) {
  const clock = { now: Date.now() }
  const forgotten: string[] = []
  const pool = createPrometheusPool({
    hub: {
      get: (_kind: string, { name }: { name: string }) => {
        const secret = secrets[name]
        if (secret === undefined) return Promise.reject(new Error('the hub is away'))
        return Promise.resolve({
          data: Object.fromEntries(Object.entries(secret).map(([key, value]) => [key, btoa(value)])),
        } as never)
      },
    },
    policy: { allowLoopback: true },
    limits: { ...DEFAULT_LIMITS, maxSamples: undefined },
    observe: () => ({ answered: () => undefined, sent: () => undefined, refused: () => undefined }),
    forgotten: (id) => forgotten.push(id),
    now: () => clock.now,
  })
  return { pool, clock, forgotten }
}

const withSecret = (url: string, name: string): PrometheusSettings => ({ url, auth: { secretRef: { name } } })

it('shares one client, and its answers, among settings that come to the same', async () => {
  await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf({ value: '1' })))
  const { pool } = poolWith({ one: { token: 'x' }, same: { token: 'x' }, other: { token: 'y' } })
  const plain = await pool.of({ url: server.url })
  expect(await pool.of({ url: `${server.url}/` })).toBe(plain)
  const one = await pool.of(withSecret(server.url, 'one'))
  expect(await pool.of(withSecret(server.url, 'same'))).toBe(one)
  // Answers of one tenant or credential are never another's.
  const tenants = await Promise.all(
    ['shop', 'bank'].map((value) => pool.of({ url: server.url, headers: [{ name: 'X-Scope-OrgID', value }] })),
  )
  const all = [plain, one, await pool.of(withSecret(server.url, 'other')), ...tenants]
  for (const { governor } of all) await governor.query('up', 1)
  expect(server.asked.map(({ headers }) => headers['x-scope-orgid'] ?? headers.authorization)).toEqual([
    undefined,
    'Bearer x',
    'Bearer y',
    'shop',
    'bank',
  ])
  const { host } = new URL(server.url)
  const ids = all.map(({ id }) => id)
  expect(new Set(ids).size).toBe(5)
  expect(ids[0]).toBe(host)
  for (const id of ids.slice(1)) expect(id).toMatch(new RegExp(`^${host}~[0-9a-f]{6}$`))
  await pool.close()
})

it('uses a new credential soon, and the old one while the hub is away', async () => {
  await using server = await startFakePrometheus((_, response) => sendJson(response, vectorOf()))
  const secrets: Record<string, Record<string, string>> = { one: { token: 'old' } }
  const { pool, clock } = poolWith(secrets)
  const ask = async (at: number) => (await pool.of(withSecret(server.url, 'one'))).governor.query('up', at)
  await ask(1)
  delete secrets['one']
  clock.now += 15_000
  await ask(2)
  secrets['one'] = { token: 'new' }
  clock.now += 15_000
  await ask(3)
  expect(server.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer old', 'Bearer new'])
  await pool.close()
})

it('closes what nobody has asked for a long time, and no longer tells of it', async () => {
  const { pool, clock, forgotten } = poolWith({})
  await pool.of({ url: 'http://old.example:9090' })
  clock.now += 15 * 60_000
  await pool.of({ url: 'http://new.example:9090' })
  expect(pool.all().map(({ id }) => id)).toEqual(['new.example:9090'])
  expect(forgotten).toEqual(['old.example:9090'])
  await pool.close()
})

it('says which key a Secret lacks', async () => {
  const { pool } = poolWith({ empty: { user: 'x' } })
  await expect(pool.of(withSecret('http://prom.example', 'empty'))).rejects.toMatchObject({
    kind: 'absent',
    message: expect.stringMatching(/meshdeck-system\/empty needs a key "token"/),
  })
  await pool.close()
})
