import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { API_ROOT, MeshParams, TrustDomains } from '@meshdeck/contract'
import { meshClusters } from '@meshdeck/kube'
import { configMapOf, trustDomainsOf } from '../../../lib/analysis/mesh-facts.ts'
import { meshOf } from './mesh-scope.ts'

/** Trust domains of a mesh, as the caller may read its settings; what cannot be read is left out. */
export const trustDomainRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    `${API_ROOT}/meshes/:mesh/trust-domains`,
    { schema: { params: MeshParams, response: { 200: TrustDomains } } },
    async (request) => {
      const mesh = await meshOf(request, request.params.mesh)
      const own = mesh.spec.controlPlane.cluster
      const read = meshClusters(mesh)
        .toSorted((a, b) => Number(b === own) - Number(a === own))
        .map(async (cluster): Promise<TrustDomains['items']> => {
          try {
            const configMap = await (await request.kube(cluster)).get('ConfigMap', configMapOf(mesh))
            const [trustDomain, ...aliases] = trustDomainsOf(configMap) ?? []
            return trustDomain === undefined ? [] : [{ cluster, trustDomain, aliases }]
          } catch {
            // Wizards go on with what Istio does by itself.
            return []
          }
        })
      return { items: (await Promise.all(read)).flat() }
    },
  )
}
