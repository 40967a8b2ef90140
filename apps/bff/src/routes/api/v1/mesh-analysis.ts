import type { Mesh } from '@meshdeck/kube'
import { createAnalyzer, type Analyzer, type Finding } from '@meshdeck/mesh'
import type { FastifyRequest } from 'fastify'
import { callerKey } from '../../../lib/identity.ts'
import { createMeshInputs, type MeshInputs } from './mesh-inputs.ts'

/** Analyzers remember their last run, which holds on to what it read. */
const MAX_ANALYZERS = 50

/** What was found in a mesh, as one caller sees it. */
export interface MeshAnalysis extends Pick<MeshInputs, 'hidden' | 'failures'> {
  findings: readonly Finding[]
  /** By the cluster whose configuration it has analysed; of clusters without an istiod there is none. */
  analyzers: ReadonlyMap<string, Analyzer>
}

/** Analyses a mesh as its caller sees it. */
export type MeshAnalyses = (request: FastifyRequest, mesh: Mesh) => Promise<MeshAnalysis>

/** Analyses meshes for whoever asks; each process has one. */
export function createMeshAnalyses(): MeshAnalyses {
  const analyzers = new Map<string, Analyzer>()
  const inputsOf = createMeshInputs()

  return async function analyze(request: FastifyRequest, mesh: Mesh): Promise<MeshAnalysis> {
    const { inputs, hidden, failures } = await inputsOf(request, mesh)
    const found = inputs.map((input) => {
      const { cluster } = input.config
      const analyzer = analyzerFor(`${mesh.metadata.name} ${cluster} ${callerKey(request.caller)}`)
      return { cluster, analyzer, findings: analyzer.analyze(input) }
    })
    return {
      findings: found.flatMap(({ findings }) => findings),
      hidden,
      failures,
      analyzers: new Map(found.map(({ cluster, analyzer }) => [cluster, analyzer])),
    }
  }

  function analyzerFor(key: string): Analyzer {
    const analyzer = analyzers.get(key) ?? createAnalyzer()
    // Set anew, so that the order of the map is the order of asking.
    analyzers.delete(key)
    analyzers.set(key, analyzer)
    const oldest = analyzers.keys().next()
    if (analyzers.size > MAX_ANALYZERS && !oldest.done) analyzers.delete(oldest.value)
    return analyzer
  }
}
