import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  API_ROOT,
  MeshParams,
  NodeConfiguration,
  NodeConfigurationQuery,
  type NodeConfiguration as Answer,
} from '@meshdeck/contract'
import { meshClusters, type KindId } from '@meshdeck/kube'
import { reachesNode, reachOf, RECORDED_KINDS, type Finding, type ReachedNode } from '@meshdeck/mesh'
import { splitList } from '../../../lib/paging.ts'
import { findingView } from './findings.ts'
import type { MeshAnalyses } from './mesh-analysis.ts'
import { meshOf, readAll } from './mesh-scope.ts'
import { onePerCluster } from './meshes.ts'

/** Whoever looks at a node wants to know what is wrong with what is behind it as well. */
const BEHIND: readonly KindId[] = ['Service', 'Deployment', 'StatefulSet', 'DaemonSet']

/** What is in force for one node of the graph. */
export const topologyNodeRoutes: FastifyPluginAsyncTypebox<{ analyze: MeshAnalyses }> = async (app, { analyze }) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/topology/-node`,
    { schema: { params: MeshParams, querystring: NodeConfigurationQuery, response: { 200: NodeConfiguration } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const { hosts, cluster: _cluster, ...node } = request.query
      const reached: ReachedNode = { id: '', ...node }
      const called = [...(splitList(hosts) ?? [])]
      const [read, analysis] = await Promise.all([
        Promise.all(
          RECORDED_KINDS.map(async (kind) => ({ kind, parts: await readAll(request, meshClusters(mesh), kind) })),
        ),
        analyze(request, mesh),
      ])
      const rules = read.flatMap(({ kind, parts }) =>
        parts.flatMap(({ cluster, objects }) =>
          objects
            .filter((object) => reachesNode(reachOf(kind, object), reached, called))
            .map(({ metadata }) => ({ cluster, kind, namespace: metadata.namespace ?? '', name: metadata.name })),
        ),
      )
      const findings = analysis.findings.filter(
        (finding) => finding.suppressed !== true && concerns(finding, { rules, node, hosts: called }),
      )
      const failures = [
        ...read.flatMap(({ parts }) => parts.flatMap(({ failure }) => failure ?? [])),
        ...analysis.failures,
      ]
      return { rules, findings: findings.map(findingView), failures: onePerCluster(failures) }
    },
  )
}

function concerns(
  { cluster, kind, namespace, name }: Finding,
  { rules, node, hosts }: { rules: Answer['rules']; node: Pick<ReachedNode, 'name' | 'namespace'>; hosts: string[] },
): boolean {
  if (BEHIND.includes(kind)) {
    const isItself = name === node.name && namespace === node.namespace
    return isItself || (kind === 'Service' && hosts.some((host) => host.startsWith(`${name}.${namespace}.svc`)))
  }
  return rules.some(
    (rule) => rule.cluster === cluster && rule.kind === kind && rule.namespace === namespace && rule.name === name,
  )
}
