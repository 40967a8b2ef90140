import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, MeshParams, RecordingRules, ServiceLevelRulesQuery, type RecordingSource } from '@meshdeck/contract'
import {
  coverageQuery,
  isCovered,
  LAST_RECORDED,
  prometheusRule,
  recordingRules,
  SERIES_COUNTS,
} from '@meshdeck/mesh/recording-rules'
import { Type } from 'typebox'
import { stringify } from 'yaml'
import { alignedNow, type PrometheusClient } from '../../../lib/prometheus/prometheus-client.ts'
import { pick } from '../../../lib/views/clusters.ts'
import { askWhole } from './explore.ts'
import { onePerCluster } from './meshes.ts'
import { meshOf } from './mesh-scope.ts'

const STEP_SECONDS = 30
/** As long as what most pages show. */
const LOOKED_BACK_SECONDS = 3_600

/** The rules that make figures cheap, and whether each Prometheus of the mesh evaluates them. */
export const recordingRuleRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const path = `${API_ROOT}/meshes/:mesh/monitoring/-recording-rules`

  app.get(path, { schema: { params: MeshParams, response: { 200: RecordingRules } } }, async (request) => {
    const at = alignedNow(STEP_SECONDS)
    const { answers, failures } = await askWhole(request, request.params.mesh, undefined, ({ client }) =>
      lookAt(client, at),
    )
    return {
      sources: answers.map(({ source, answer }) => ({ clusters: [...source.clusters], ...answer })),
      failures: onePerCluster(failures),
    }
  })

  app.get(
    `${path}/file`,
    {
      schema: {
        params: MeshParams,
        querystring: ServiceLevelRulesQuery,
        produces: ['application/yaml'],
        response: { 200: Type.String() },
      },
    },
    async (request, reply) => {
      await meshOf(request, request.params.mesh)
      const rules = recordingRules()
      const isObject = request.query.format === 'operator'
      return reply
        .type('application/yaml; charset=utf-8')
        .header('content-disposition', 'attachment; filename="meshdeck-recording-rules.yaml"')
        .send(stringify(isObject ? prometheusRule('meshdeck-recording-rules', rules) : rules, { lineWidth: 0 }))
    },
  )
}

async function lookAt(client: PrometheusClient, at: number): Promise<Omit<RecordingSource, 'clusters'>> {
  const valueOf = async (promql: string): Promise<number | undefined> =>
    (await client.query(promql, at)).samples[0]?.value
  // A server that cannot count its series in time can still evaluate rules.
  const counted = (promql: string) => valueOf(promql).catch(() => undefined)
  const [evaluations, last, raw, recorded] = await Promise.all([
    valueOf(coverageQuery(LOOKED_BACK_SECONDS)),
    valueOf(LAST_RECORDED),
    counted(SERIES_COUNTS.raw),
    counted(SERIES_COUNTS.recorded),
  ])
  const state =
    last === undefined
      ? 'absent'
      : evaluations === undefined
        ? 'stale'
        : isCovered(evaluations, LOOKED_BACK_SECONDS)
          ? 'used'
          : 'young'
  return { state, ...pick({ rawSeries: raw, recordedSeries: recorded }) }
}
