import { createWorld, type AnalysisInput } from '../analysis/world.ts'
import { fromGateway } from './explain-gateway.ts'
import { fromWorkload } from './explain-workload.ts'
import type { Explanation } from './explanation.ts'
import type { Question } from './question.ts'

/**
 * What happens to a request, hop by hop, by the configuration and the pods of a mesh. Nothing is sent. What is hidden from the
 * reader is said where it matters (outcome `open`), never guessed. Limits: EnvoyFilters, Wasm plugins and
 * waypoints are not followed, external authorizers are not asked, and signatures of tokens are taken for right.
 */
export function explain(input: AnalysisInput, question: Question, now: Date = new Date()): Explanation {
  const world = createWorld(input)
  const { source } = question
  if (source.from === 'gateway') return fromGateway(world, { ...question, source }, now)
  return fromWorkload(world, { ...question, source }, now)
}
