import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { LocalityList, wizardPaths } from '@meshdeck/contract'
import { kindOf, type Cluster, type KubeResource } from '@meshdeck/kube'
import { failuresOf } from '../../../lib/resource-rows.ts'
import { hubRecords, readAll } from './mesh-scope.ts'

const REGION = 'topology.kubernetes.io/region'
const ZONE = 'topology.kubernetes.io/zone'

/** Regions and zones of the fleet, as the nodes that the caller may list say them. */
export const localityRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(wizardPaths.localities, { schema: { response: { 200: LocalityList } } }, async (request) => {
    const clusters = await hubRecords<Cluster>(request, 'Cluster')
    const answers = await readAll(
      request,
      clusters.map(({ metadata }) => metadata.name),
      'Node',
    )
    return {
      items: answers.flatMap(({ cluster, objects }) => localitiesOf(cluster, objects)),
      failures: answers.flatMap((answer) => failuresOf(kindOf('Node'), answer)),
    }
  })
}

function localitiesOf(cluster: string, nodes: readonly KubeResource[]): LocalityList['items'] {
  const found = new Map<string, LocalityList['items'][number]>()
  for (const { metadata } of nodes) {
    const region = metadata.labels?.[REGION]
    if (region === undefined || region === '') continue
    const zone = metadata.labels?.[ZONE] ?? ''
    const known = found.get(`${region}/${zone}`)
    if (known === undefined)
      found.set(`${region}/${zone}`, { cluster, region, ...(zone === '' ? {} : { zone }), nodes: 1 })
    else known.nodes += 1
  }
  return [...found].toSorted(([a], [b]) => a.localeCompare(b)).map(([, locality]) => locality)
}
