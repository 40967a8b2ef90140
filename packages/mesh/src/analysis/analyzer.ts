import type { KindId, KubeResource } from '@meshdeck/kube'
import { findingKey, toFinding, type Finding, type Remark } from './finding.ts'
import { RULES } from './rules/index.ts'
import { createWorld, readsOf, type AnalysisInput, type World } from './world.ts'

/** Kinds that an analysis reads. */
export const ANALYZED_KINDS: readonly KindId[] = [...new Set(RULES.flatMap(({ reads }) => reads))]

/** One thing to look for. It is asked again only when a kind that it reads has changed. */
export interface Rule {
  /** Says in the code what it looks for; shown nowhere. */
  name: string
  /** Kinds of the configuration and of members that its answer depends on. */
  reads: readonly KindId[]
  run: (world: World) => Iterable<Remark>
}

export interface Analyzer {
  /** Analyses an input; what has not changed since the last one is taken from there. */
  analyze(input: AnalysisInput): readonly Finding[]
  /** What would be found after some objects were written or deleted. Nothing of it is kept. */
  preview(changes: readonly Change[]): readonly Finding[]
}

/** A write that is thought of. `object` undefined: a deletion. */
export interface Change {
  kind: KindId
  namespace: string
  name: string
  object: KubeResource | undefined
}

interface Run {
  input: AnalysisInput
  kept: Map<string, unknown>
  results: Map<Rule, readonly Finding[]>
}

/** An analyzer of one mesh as one person sees it; it remembers its last run. */
export function createAnalyzer(rules: readonly Rule[] = RULES): Analyzer {
  let last: Run | undefined
  const run = (input: AnalysisInput, before: Run | undefined): Run => {
    const isSame = sameness(input, before?.input)
    const kept = new Map(
      [...(before?.kept ?? [])].filter(([key]) => readsOf(key).every((kind) => isSame(kind as KindId))),
    )
    const world = createWorld(input, kept)
    const results = new Map<Rule, readonly Finding[]>()
    for (const rule of rules) {
      const known = before?.results.get(rule)
      results.set(
        rule,
        known !== undefined && rule.reads.every(isSame)
          ? known
          : [...rule.run(world)].map((remark) => toFinding(world.cluster, remark)),
      )
    }
    return { input, kept, results }
  }
  return {
    analyze: (input) => {
      last = run(input, last)
      return inOrder(last)
    },
    preview: (changes) => {
      if (last === undefined) throw new Error('preview before the first analysis')
      return inOrder(run(withChanges(last.input, changes), last))
    },
  }
}

/** Whether a kind is as it was. Facts and credentials count for all kinds. */
function sameness(input: AnalysisInput, before: AnalysisInput | undefined): (kind: KindId) => boolean {
  if (
    before === undefined ||
    JSON.stringify(before.facts) !== JSON.stringify(input.facts) ||
    before.config.cluster !== input.config.cluster ||
    before.members.length !== input.members.length ||
    !sameCredentials(before, input)
  ) {
    return () => false
  }
  const pairs = [
    [before.config, input.config],
    ...before.members.map((member, at) => [member, input.members[at]] as const),
  ] as const
  return (kind) =>
    pairs.every(
      ([a, b]) =>
        b !== undefined &&
        a.cluster === b.cluster &&
        a.objects.get(kind) === b.objects.get(kind) &&
        a.complete.has(kind) === b.complete.has(kind),
    )
}

const sameCredentials = (a: AnalysisInput, b: AnalysisInput): boolean =>
  a.credentials === b.credentials ||
  JSON.stringify([...(a.credentials ?? [])]) === JSON.stringify([...(b.credentials ?? [])])

function withChanges(input: AnalysisInput, changes: readonly Change[]): AnalysisInput {
  const objects = new Map(input.config.objects)
  for (const { kind, namespace, name, object } of changes) {
    const others = (objects.get(kind) ?? []).filter(
      ({ metadata }) => metadata.name !== name || (metadata.namespace ?? '') !== namespace,
    )
    objects.set(kind, object === undefined ? others : [...others, object])
  }
  return { ...input, config: { ...input.config, objects } }
}

const LEVELS = ['error', 'warning', 'info'] as const

function inOrder({ results }: Run): readonly Finding[] {
  return [...results.values()]
    .flat()
    .toSorted(
      (a, b) =>
        LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
        a.namespace.localeCompare(b.namespace) ||
        a.name.localeCompare(b.name) ||
        a.code.localeCompare(b.code) ||
        a.path.localeCompare(b.path),
    )
}

/** What a change brings and what it mends. */
export function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): { fresh: Finding[]; solved: Finding[] } {
  const known = new Set(before.map(findingKey))
  const left = new Set(after.map(findingKey))
  return {
    fresh: after.filter((finding) => !known.has(findingKey(finding))),
    solved: before.filter((finding) => !left.has(findingKey(finding))),
  }
}
