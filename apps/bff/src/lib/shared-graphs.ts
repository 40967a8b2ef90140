import type { ClusterFailure } from '@meshdeck/contract'
import type { MeshGraph } from '@meshdeck/mesh'
import { createAnswerStore } from './prometheus/governor/answer-store.ts'
import { freshTime, type QueryLimits } from './prometheus/governor/query-limits.ts'

/** A graph before anybody's rights are applied to it. */
export interface SharedGraph {
  graph: MeshGraph
  /** Whether recorded rates were asked for. */
  recorded: boolean
  /** What is missing from it, or to be said beside it. */
  failures: readonly ClusterFailure[]
}

export interface GraphRequest {
  /** All that the graph depends on, its instant included; equal texts mean one graph. */
  key: string
  /** Unix seconds. */
  at: number
  /** Fires when this asker has gone; the work ends when the last of its askers has. */
  signal?: AbortSignal | undefined
  assemble: (signal: AbortSignal) => Promise<SharedGraph>
}

/** Graphs that several share: while one is assembled, and for a while after. Only whole ones are kept. */
export interface SharedGraphs {
  ask(request: GraphRequest): Promise<SharedGraph>
  /** Of the graphs that are kept, about. */
  readonly bytes: number
}

/** As text, about, without the names: reckoning is cheaper than writing a graph to see how long it is. */
const NODE_BYTES = 300
const EDGE_BYTES = 350

/**
 * Keeps graphs as long as Prometheus' answers would be kept. The answers that a large graph is made of take five times
 * the room of the graph, and reading them anew takes longer than all else.
 */
export function createSharedGraphs(limits: QueryLimits, now: () => number = Date.now): SharedGraphs {
  const store = createAnswerStore<SharedGraph>({ maxBytes: limits.cacheBytes / 2, patienceMs: limits.patienceMs, now })
  return {
    async ask({ key, at, signal, assemble }) {
      const given = await store.ask({
        key,
        family: key,
        freshMs: freshTime(limits, at, now()),
        staleMs: 0,
        signal,
        bearable: () => false,
        load: async (abandoned) => {
          const answer = await assemble(abandoned)
          const { nodes, edges } = answer.graph
          const isWhole = answer.failures.length === 0
          // What is larger than all that may be kept is not kept.
          const bytes = isWhole ? nodes.length * NODE_BYTES + edges.length * EDGE_BYTES : Number.POSITIVE_INFINITY
          return { answer, bytes }
        },
      })
      return given.answer
    },
    get bytes() {
      return store.bytes
    },
  }
}
