import { expect, it } from 'vitest'
import { sendJson, matrixOf, startFakePrometheus, vectorOf } from './fake-prometheus.ts'
import { fetchGolden, goldenQueries } from './golden-queries.ts'
import { fetchOverview, overviewQueries } from './overview-queries.ts'
import { createPrometheusClient } from './prometheus-client.ts'

const RANGE = { from: 1_200, to: 1_800, step: 60 }
const PAIR = vectorOf(
  { metric: { prometheus_replica: 'a', replica: 'x' }, value: '1' },
  { metric: { prometheus_replica: 'b', replica: 'x' }, value: '1' },
)

/** Every counter of what one Prometheus of a pair holds, and of which there are two copies in the store. */
async function queriesOf(up: object): Promise<string[]> {
  await using server = await startFakePrometheus(({ path, form }, response) => {
    if (form['query']?.includes('(up{})') === true) return sendJson(response, up)
    sendJson(response, path.endsWith('/query') ? vectorOf() : matrixOf())
  })
  const client = createPrometheusClient({ url: server.url, policy: { allowLoopback: true } })
  await fetchOverview(client, RANGE, 60)
  await fetchGolden(client, { kind: 'service', namespace: 'shop', name: 'cart' }, RANGE, 60)
  await client.close()
  return server.asked.flatMap(({ form }) => (form['query']?.includes('(up{})') === true ? [] : (form['query'] ?? [])))
}

it('counts series of a pair once in the overview and the golden signals', async () => {
  const queries = await queriesOf(PAIR)
  expect(queries).toHaveLength(20)
  for (const query of queries) {
    expect(query).toContain('max without (prometheus_replica) (')
    // A sum straight over what is there twice would count it twice.
    expect(query).not.toMatch(/sum(?: by \([^)]*\))? \(?(?:rate|container_memory)/)
  }
})

it('asks as plainly as before where there is no pair', async () => {
  const queries = await queriesOf(vectorOf({ metric: { prometheus_replica: 'a' }, value: '1' }))
  expect(queries.filter((query) => query.includes('max without'))).toEqual([])
  const plain = [...Object.values(goldenQueries({ kind: 'mesh' }, 60)), ...Object.values(overviewQueries(60))]
  expect(plain.join()).not.toContain('max without')
})
