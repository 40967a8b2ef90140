import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  FindingPage,
  FindingQuery,
  FindingsPreview,
  MeshParams,
  PreviewFindings,
  type FindingView,
} from '@meshdeck/contract'
import { findKind } from '@meshdeck/kube'
import { compareFindings, type Change, type Finding } from '@meshdeck/mesh'
import { pageOf, splitList, type RowReader } from '../../../lib/paging.ts'
import { ProblemError } from '../../../lib/problem.ts'
import type { MeshAnalyses } from './mesh-analysis.ts'
import { meshOf } from './mesh-scope.ts'

const LEVELS = ['error', 'warning', 'info'] as const

/** What is wrong with the configuration of a mesh, and what would be after a change. */
export const findingRoutes: FastifyPluginAsyncTypebox<{ analyze: MeshAnalyses }> = async (app, { analyze }) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/findings`,
    { schema: { params: MeshParams, querystring: FindingQuery, response: { 200: FindingPage } } },
    async (request) => {
      const { findings, hidden, failures } = await analyze(request, await meshOf(request, request.params.mesh))
      const { level, code, kind, name, suppressed = false, ...query } = request.query
      const [levels, codes, kinds] = [splitList(level), splitList(code), splitList(kind)]
      const told = findings.filter((finding) => suppressed || finding.suppressed !== true)
      const inScope = (finding: Finding): boolean =>
        (codes?.has(finding.code) ?? true) &&
        (kinds?.has(finding.kind) ?? true) &&
        (name === undefined || finding.name === name)
      const rows = told.filter(inScope)
      const page = pageOf<FindingView>(
        rows.map(findingView),
        { sort: 'level', ...query },
        findingRows,
        (row) => levels?.has(row.level) ?? true,
      )
      return {
        ...page,
        all: told.length,
        // Of all that the other filters leave, whatever level is looked at.
        counts: countsOf(rows.filter((row) => matches(row, query))),
        codes: codesOf(told),
        hidden: [...hidden],
        failures: [...failures],
      }
    },
  )

  app.post(
    `${API_ROOT}/meshes/:mesh/findings/-preview`,
    { schema: { params: MeshParams, body: PreviewFindings, response: { 200: FindingsPreview } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { findings, hidden, failures, analyzers } = await analyze(request, mesh)
      const changes = request.body.changes.map((change): Change => {
        const kind = findKind(change.kind)
        if (kind === undefined) throw new ProblemError('unknown-kind', `There is no kind ${change.kind}`)
        return { kind: kind.id, namespace: change.namespace ?? '', name: change.name, object: change.object }
      })
      const { cluster } = request.body
      const after = analyzers.get(cluster)?.preview(changes) ?? []
      const before = findings.filter((finding) => finding.cluster === cluster)
      // Of a cluster without an istiod nobody reads the configuration; the finding of its place says so.
      const { fresh, solved } = analyzers.has(cluster) ? compareFindings(before, after) : { fresh: [], solved: [] }
      const isOwn = (finding: Finding): boolean =>
        changes.some(
          ({ kind, namespace, name }) =>
            finding.kind === kind && finding.namespace === namespace && finding.name === name,
        )
      return {
        fresh: fresh.map(findingView),
        solved: solved.map(findingView),
        own: after.filter(isOwn).map(findingView),
        hidden: [...hidden],
        failures: [...failures],
      }
    },
  )
}

/** A finding as it crosses the wire. */
export const findingView = ({ fix, ...finding }: Finding): FindingView => ({
  ...finding,
  values: { ...finding.values },
  ...(fix === undefined ? {} : { fix: fix.map((each) => ({ ...each, path: [...each.path] })) }),
})

function matches({ namespace, cluster }: Finding, query: { namespace?: string; cluster?: string }): boolean {
  return (splitList(query.namespace)?.has(namespace) ?? true) && (splitList(query.cluster)?.has(cluster) ?? true)
}

function countsOf(findings: readonly Finding[]): FindingPage['counts'] {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const { level } of findings) counts[level] += 1
  return counts
}

function codesOf(findings: readonly Finding[]): FindingPage['codes'] {
  return [...Map.groupBy(findings, ({ code }) => code)]
    .map(([code, each]) => ({ code, count: each.length }))
    .toSorted((a, b) => b.count - a.count || a.code.localeCompare(b.code))
}

const findingRows: RowReader<FindingView> = {
  columns: {
    name: ({ name }) => name,
    namespace: ({ namespace }) => namespace,
    cluster: ({ cluster }) => cluster,
    kind: ({ kind }) => kind,
    code: ({ code }) => code,
    // From bad to good, as words would not sort.
    level: ({ level }) => LEVELS.indexOf(level),
  },
  texts: ({ code, kind, path, values }) => [code, kind, path, ...Object.values(values)],
  namespace: ({ namespace }) => namespace,
  clusters: ({ cluster }) => [cluster],
}
