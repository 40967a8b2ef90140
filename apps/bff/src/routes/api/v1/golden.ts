import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, GoldenQuery, GoldenSignals, MeshParams } from '@meshdeck/contract'
import { ProblemError } from '../../../lib/problem.ts'
import { alignRange, fetchGolden, mergeGolden, type GoldenScope } from '../../../lib/prometheus/golden-queries.ts'
import { recordedRates } from '../../../lib/prometheus/recorded-rates.ts'
import { askSources } from './mesh-metrics.ts'
import { clustersOf, meshOf } from './mesh-scope.ts'
import { clustersShowing } from './metrics-rights.ts'

/** Rates over less than four scrapes have holes; 15 s is the usual interval. */
const SHORTEST_WINDOW_SECONDS = 60

/** Request rate, error rate and latency over time: of a mesh, a namespace, a service or a workload. */
export const goldenRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { params: MeshParams, querystring: GoldenQuery, response: { 200: GoldenSignals } }
  app.get(`${API_ROOT}/meshes/:mesh/metrics/golden`, { schema }, async (request) => {
    const { query } = request
    const scope = scopeOf(query)
    const range = rangeOf(query)
    const mesh = await meshOf(request, request.params.mesh)
    const clusters = await clustersShowing(
      request,
      clustersOf(mesh, query),
      scope.kind === 'mesh' ? undefined : scope.namespace,
    )
    const window = Math.max(SHORTEST_WINDOW_SECONDS, range.step)
    const { answers, failures } = await askSources(request, clusters, async ({ client, clusters: held }) => {
      // A Prometheus that serves one cluster needs no filter, and its Istio may call the cluster by another id.
      const narrowed = query.cluster !== undefined && held.length > 1 ? { ...scope, cluster: query.cluster } : scope
      const rates = recordedRates(client)
      return { golden: await fetchGolden(rates.client, narrowed, range, window), recorded: rates.used() }
    })
    const [failure] = failures
    if (answers.length === 0 && failure !== undefined) throw ProblemError.from(failure.problem)
    const recorded = answers.some(({ answer }) => answer.recorded)
    return { ...range, ...mergeGolden(answers.map(({ answer }) => answer.golden)), recorded, failures }
  })
}

function scopeOf({ scope, namespace, name }: GoldenQuery): GoldenScope {
  if (scope === 'mesh') return { kind: 'mesh' }
  const place = required('namespace', namespace, scope)
  return scope === 'namespace'
    ? { kind: 'namespace', namespace: place }
    : { kind: scope, namespace: place, name: required('name', name, scope) }
}

function required(field: string, value: string | undefined, scope: string): string {
  if (value !== undefined && value !== '') return value
  const message = `is required with scope ${scope}`
  throw new ProblemError('invalid-input', `query: ${field} ${message}`, { fields: [{ field, message }] })
}

function rangeOf({ from, to, step }: GoldenQuery) {
  try {
    return alignRange({ from, to, step })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ProblemError('invalid-input', `query: ${error.message}`, {
      fields: [{ field: 'from', message: error.message }],
    })
  }
}
