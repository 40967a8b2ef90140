import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, ExplainAnswer, ExplainRequest, MeshParams, type ExplainStep } from '@meshdeck/contract'
import { explain, type Step } from '@meshdeck/mesh'
import { ProblemError } from '../../../lib/problem.ts'
import { createMeshInputs } from './mesh-inputs.ts'
import { meshOf } from './mesh-scope.ts'

/** What happens to a request in a mesh, by what the caller may read. */
export const explainRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const inputsOf = createMeshInputs()

  app.post(
    `${API_ROOT}/meshes/:mesh/-explain`,
    { schema: { params: MeshParams, body: ExplainRequest, response: { 200: ExplainAnswer } } },
    async (request) => {
      const { cluster, path = '/', method = 'GET', headers = {}, claims, ip, ...question } = request.body
      const { inputs, hidden, failures } = await inputsOf(request, await meshOf(request, request.params.mesh))
      const input = cluster === undefined ? inputs[0] : inputs.find(({ config }) => config.cluster === cluster)
      if (input === undefined)
        throw new ProblemError(
          'unknown-cluster',
          `No istiod of the mesh reads the configuration of ${cluster ?? 'any cluster'}`,
        )
      const answer = explain(input, {
        ...question,
        path,
        method,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        ...(claims === undefined ? {} : { claims }),
        ...(ip === undefined ? {} : { ip }),
      })
      return {
        ...answer,
        cluster: input.config.cluster,
        steps: answer.steps.map(toView),
        branches: answer.branches.map((branch) => ({ ...branch, steps: branch.steps.map(toView) })),
        hidden: [...hidden],
        failures: [...failures],
      }
    },
  )
}

const toView = ({ others, values, ...step }: Step): ExplainStep => ({
  ...step,
  values: { ...values },
  ...(others === undefined || others.length === 0
    ? {}
    : { others: others.map(({ others: _others, ...each }) => ({ ...each, values: { ...each.values } })) }),
})
