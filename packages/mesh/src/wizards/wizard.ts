import { apiVersionOf, kindOf, type KindId, type KubeResource } from '@meshdeck/kube'

/** What was filled into a wizard's form, by field; lists are separated by commas. */
export type Answers = Readonly<Record<string, string>>

/** The service that a wizard is about. */
export interface WizardService {
  namespace: string
  name: string
  ports: readonly number[]
  /** Values of the label `version` of its pods. */
  versions: readonly string[]
  selector: Readonly<Record<string, string>>
}

/** What exists where the mesh reads its configuration. */
export interface WizardWorld {
  all(kind: KindId): readonly KubeResource[]
  service: WizardService | undefined
  /** Where objects for the whole mesh lie. */
  rootNamespace: string
}

/** An object before and after; without `before` it is new. */
export interface WizardChange {
  kind: KindId
  before: KubeResource | undefined
  after: KubeResource
}

export const WIZARD_PROBLEMS = ['required', 'range', 'duration', 'sum', 'few', 'same', 'host', 'name', 'path'] as const
/** What is wrong with an answer; words stand in the console. */
export interface WizardProblem {
  field: string
  code: (typeof WIZARD_PROBLEMS)[number]
}

/** What a wizard would do: nothing while there are problems. In the order in which it is applied. */
export interface WizardPlan {
  changes: readonly WizardChange[]
  problems: readonly WizardProblem[]
}

/** From what was answered and what exists to ordinary objects. */
export type Wizard = (answers: Answers, world: WizardWorld) => WizardPlan

/** A new object. */
export function made(kind: KindId, namespace: string, name: string, spec: object): KubeResource {
  const definition = kindOf(kind)
  return { apiVersion: apiVersionOf(definition), kind: definition.kind, metadata: { name, namespace }, spec }
}

/** The name, or one with a number when an object that is about something else has it. */
export function freeName(world: WizardWorld, kind: KindId, namespace: string, wanted: string): string {
  const taken = new Set(
    world
      .all(kind)
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map(({ metadata }) => metadata.name),
  )
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    if (!taken.has(name)) return name
  }
}

/** The one that was made first, which is the one that istiod goes by. */
export function oldest(objects: readonly KubeResource[]): KubeResource | undefined {
  const age = ({ metadata }: KubeResource): string =>
    `${metadata.creationTimestamp ?? ''} ${metadata.namespace ?? ''}/${metadata.name}`
  return objects.toSorted((a, b) => age(a).localeCompare(age(b)))[0]
}

/** Changes that change something. */
export const realChanges = (changes: readonly WizardChange[]): WizardChange[] =>
  changes.filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
