import type { Problem, QueryMinute, QueryOverview, QueryServer } from '@meshdeck/contract'

export const MINUTE = {
  at: 1_800_000_000_000,
  sent: 10,
  failed: 1,
  shared: 5,
  kept: 11,
  stale: 1,
  refused: { cost: 1, queue: 0, down: 1 },
  bytes: 10_000,
  ms: 250,
} satisfies QueryMinute

export const queryLoad = (more: Partial<NonNullable<QueryServer['load']>> = {}): NonNullable<QueryServer['load']> => ({
  running: 2,
  waiting: 3,
  cacheBytes: 1_500_000,
  circuit: { state: 'closed' },
  minutes: [MINUTE],
  slowest: [
    { shape: 'sum(rate(x{namespace="…"}[1m]))', count: 4, failed: 1, meanMs: 40, slowestMs: 1_200, bytes: 900 },
  ],
  ...more,
})

export const queryServer = (more: Partial<QueryServer> = {}): QueryServer => ({
  clusters: ['alpha', 'beta'],
  id: 'prom.example:9090',
  address: 'prom.example:9090',
  make: 'Prometheus',
  version: '3.5.0',
  series: 123_456,
  skewSeconds: 0.2,
  load: queryLoad(),
  ...more,
})

export const queryOverview = (more: Partial<QueryOverview> = {}): QueryOverview => ({
  limits: [
    { flag: 'prometheus-deadline', value: 10 },
    { flag: 'prometheus-max-samples', value: 200_000_000 },
  ],
  servers: [queryServer()],
  hidden: 0,
  ...more,
})

export const BROKEN: Problem = {
  type: 'about:blank',
  code: 'bad-request',
  title: 'Bad request',
  status: 400,
  detail: 'the words of the server',
}
export const FORBIDDEN: Problem = {
  type: 'about:blank',
  code: 'forbidden',
  title: 'Forbidden',
  status: 403,
  missing: { verb: 'list', group: '', resource: 'services' },
}
