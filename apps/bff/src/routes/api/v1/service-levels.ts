import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  MeshParams,
  ServiceLevelDetail,
  ServiceLevelList,
  ServiceLevelParams,
  ServiceLevelQuery,
  ServiceLevelRulesQuery,
  type ClusterFailure,
  type ServiceLevelView,
} from '@meshdeck/contract'
import type { Mesh, ServiceLevel } from '@meshdeck/kube'
import { addCounted, burnConditions, burnDown, holds, levelRules, prometheusRule } from '@meshdeck/mesh/service-levels'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { stringify } from 'yaml'
import { ProblemError } from '../../../lib/problem.ts'
import { alignedNow } from '../../../lib/prometheus/prometheus-client.ts'
import { courseRange, fetchCourse, fetchLevelFigures } from '../../../lib/prometheus/service-level-queries.ts'
import { toServiceLevelView } from '../../../lib/views/service-levels.ts'
import { askSources } from './mesh-metrics.ts'
import { clustersOf, meshOf } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'
import { countedOf, holdsSeveral, visibleLevel, visibleLevels, type VisibleLevel } from './service-level-scope.ts'

/** What is asked within so many seconds shares an answer. */
const STEP_SECONDS = 30
/** The course of weeks moves slowly. */
const COURSE_STEP_SECONDS = 300

/** Targets of services, how they are kept, and the rules for it. They are written through the resource routes. */
export const serviceLevelRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const path = `${API_ROOT}/meshes/:mesh/service-levels`

  app.get(
    path,
    { schema: { params: MeshParams, querystring: ServiceLevelQuery, response: { 200: ServiceLevelList } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { namespace, service } = request.query
      const { levels, failures } = await visibleLevels(
        request,
        mesh,
        ({ spec }) =>
          (namespace === undefined || spec.service.namespace === namespace) &&
          (service === undefined || spec.service.name === service),
      )
      const at = alignedNow(STEP_SECONDS)
      const told = await viewsOf(request, levels, at)
      return {
        items: told.views.toSorted((a, b) => a.name.localeCompare(b.name)),
        at,
        recorded: told.recorded,
        failures: onePerCluster([...failures, ...told.failures]),
      }
    },
  )

  app.get(
    `${path}/:name`,
    { schema: { params: ServiceLevelParams, response: { 200: ServiceLevelDetail } } },
    (request) => detailOf(request, request.params),
  )

  const rules = {
    querystring: ServiceLevelRulesQuery,
    produces: ['application/yaml'],
    response: { 200: Type.String() },
  }
  app.get(`${path}/-rules`, { schema: { ...rules, params: MeshParams } }, async (request, reply) => {
    const mesh = await meshOf(request, request.params.mesh)
    const { levels } = await visibleLevels(request, mesh)
    const name = `meshdeck-service-levels-${mesh.metadata.name}`
    return sendRules(reply, { name, format: request.query.format, levels, byCluster: await isShared(request, mesh) })
  })
  app.get(`${path}/:name/-rules`, { schema: { ...rules, params: ServiceLevelParams } }, async (request, reply) => {
    const mesh = await meshOf(request, request.params.mesh)
    const { visible } = await visibleLevel(request, mesh, request.params.name)
    const name = `meshdeck-service-level-${request.params.name}`
    return sendRules(reply, {
      name,
      format: request.query.format,
      levels: [visible],
      byCluster: await isShared(request, mesh),
    })
  })
}

async function detailOf(request: FastifyRequest, params: { mesh: string; name: string }): Promise<ServiceLevelDetail> {
  const mesh = await meshOf(request, params.mesh)
  const { visible, failures } = await visibleLevel(request, mesh, params.name)
  const { spec } = visible.level
  const range = courseRange(spec, alignedNow(COURSE_STEP_SECONDS))
  const [told, course] = await Promise.all([
    viewsOf(request, [visible], alignedNow(STEP_SECONDS)),
    askSources(request, visible.clusters, async (source) => {
      const isCounted = countedOf(visible, source)
      return isCounted && fetchCourse(source.client, spec, range, { byCluster: holdsSeveral(source), isCounted })
    }),
  ])
  const [level] = told.views
  const [failure] = told.failures
  if (level === undefined) throw failure ? ProblemError.from(failure.problem) : new Error('a level without a view')
  const steps = addedUp(course.answers.flatMap(({ answer }) => answer ?? []))
  const { good, left } = burnDown(steps, spec.objective)
  const rates = Object.fromEntries(level.burn.map(({ window, rate }) => [window, rate]))
  return {
    level,
    conditions: burnConditions(spec.windowDays).map((condition) => ({ ...condition, holds: holds(condition, rates) })),
    // Of a part of the clusters it would tell of another budget than the figures.
    course: { ...range, ...(course.failures.length > 0 ? { good: [], left: [] } : { good, left }) },
    failures: onePerCluster([...failures, ...told.failures, ...course.failures]),
  }
}

/** The levels as they are at an instant, all asked together. */
async function viewsOf(
  request: FastifyRequest,
  levels: readonly VisibleLevel[],
  at: number,
): Promise<{ views: ServiceLevelView[]; recorded: boolean; failures: ClusterFailure[] }> {
  const clusters = [...new Set(levels.flatMap((level) => level.clusters))]
  const { answers, failures } = await askSources(request, clusters, (source) => {
    const held = levels.filter((level) => countedOf(level, source) !== undefined)
    return fetchLevelFigures(
      source.client,
      held.map(({ level }) => level.spec),
      at,
      holdsSeveral(source),
    )
  })
  // Why a window is not known is told beside the rows.
  const tooMuch = answers.flatMap(({ source, answer: { whole } }) =>
    whole instanceof Error
      ? source.clusters.map((cluster) => ({ cluster, problem: request.problemOf(whole, cluster) }))
      : [],
  )
  const failed = new Set(failures.map(({ cluster }) => cluster))
  const views = levels.map((visible) => {
    const parts = answers.flatMap(({ source, answer }) => {
      const isCounted = countedOf(visible, source)
      return isCounted === undefined ? [] : [{ figures: answer, isCounted }]
    })
    return toServiceLevelView(visible.level, parts, {
      counted: visible.clusters.filter((cluster) => !failed.has(cluster)),
      missing: [...visible.missing, ...visible.clusters.filter((cluster) => failed.has(cluster))],
    })
  })
  const recorded = answers.some(({ answer }) => answer.recorded)
  return { views, recorded, failures: [...failures, ...tooMuch] }
}

function addedUp(parts: readonly ReadonlyMap<number, { total: number; bad: number }>[]) {
  const sum = addCounted(parts.map((part) => new Map([...part].map(([at, counted]) => [String(at), counted]))))
  return [...sum].map(([at, counted]) => [Number(at), counted] as const).toSorted(([a], [b]) => a - b)
}

/** Whether a Prometheus of the mesh holds several clusters, which rules must then tell apart. */
async function isShared(request: FastifyRequest, mesh: Mesh): Promise<boolean> {
  const { sources } = await request.server.metricsSources(clustersOf(mesh))
  return sources.some(holdsSeveral)
}

interface SentRules {
  name: string
  format: 'file' | 'operator' | undefined
  levels: readonly { level: ServiceLevel }[]
  byCluster: boolean
}

function sendRules(reply: FastifyReply, { name, format = 'file', levels, byCluster }: SentRules): FastifyReply {
  const file = { groups: levels.map(({ level }) => levelRules(level, { byCluster })) }
  const text = stringify(format === 'operator' ? prometheusRule(name, file) : file, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
  })
  return reply
    .type('application/yaml; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}.yaml"`)
    .send(text)
}
