import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, AskReferences, MeshParams, ReferencesAnswer, type ReferenceView } from '@meshdeck/contract'
import { findKind, type Mesh } from '@meshdeck/kube'
import { findReferences, REFERENCE_KINDS, type Reference, type References, type ReferredObject } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { configMapOf, meshFacts } from '../../../lib/analysis/mesh-facts.ts'
import { ProblemError } from '../../../lib/problem.ts'
import { inventoriesOf } from './mesh-inputs.ts'
import { meshOf } from './mesh-scope.ts'

/** Kinds that only say where something is: not seeing them hides nobody who refers. */
const BESIDE = new Set(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ServiceAccount', 'GatewayClass'])

/** Who refers to objects of a mesh, and what they refer to, as far as the caller may see it. */
export const referenceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    `${API_ROOT}/meshes/:mesh/-references`,
    { schema: { params: MeshParams, body: AskReferences, response: { 200: ReferencesAnswer } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const targets = request.body.targets.map(({ kind, namespace = '', ...target }): ReferredObject => {
        const known = findKind(kind)
        if (known === undefined) throw new ProblemError('unknown-kind', `There is no kind ${kind}`)
        return { ...target, kind: known.id, namespace }
      })
      const { all, hidden, failures } = await referencesOf(request, mesh)
      return {
        items: targets.map((target) => ({
          uses: all.flatMap((each) => each.uses(target)).map((found) => toView(found, found.to)),
          usedBy: all.flatMap((each) => each.usedBy(target)).map((found) => toView(found, found.from)),
        })),
        hidden: hidden.filter((kind) => !BESIDE.has(kind)),
        failures: [...failures],
      }
    },
  )
}

async function referencesOf(request: FastifyRequest, mesh: Mesh) {
  const [{ configured, inventories, hidden, failures }, configMap] = await Promise.all([
    inventoriesOf(request, mesh, REFERENCE_KINDS),
    settingsOf(request, mesh),
  ])
  const facts = meshFacts(mesh, configMap, undefined)
  const all = configured.map((config): References =>
    findReferences({ config, members: inventories.filter((each) => each !== config), facts }),
  )
  return { all, hidden, failures }
}

/** The settings of the mesh, which name the services of its providers; nothing where the caller may not read them. */
async function settingsOf(request: FastifyRequest, mesh: Mesh) {
  try {
    return await (await request.kube(mesh.spec.controlPlane.cluster)).get('ConfigMap', configMapOf(mesh))
  } catch {
    return undefined
  }
}

const toView = ({ path, part, name, loose }: Reference, object: ReferredObject): ReferenceView => ({
  object,
  path,
  part,
  ...(name === undefined ? {} : { name }),
  loose: loose === true,
})
