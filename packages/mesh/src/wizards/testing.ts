import { findKindOfObject, type KubeResource } from '@meshdeck/kube'
import { expect } from 'vitest'
import { compareFindings, createAnalyzer } from '../analysis/analyzer.ts'
import { inputOf } from '../analysis/corpus/input.ts'
import { SHOP } from '../analysis/corpus/objects.ts'
import { objectFaults } from '../validate/object-faults.ts'
import type { Answers, WizardWorld } from './wizard.ts'
import { WIZARDS, type WizardId } from './wizards.ts'

/** The service that the tests are about. */
export const reviews = {
  namespace: SHOP,
  name: 'reviews',
  ports: [{ port: 9080, name: 'http', protocol: 'http' }],
  versions: ['v1', 'v2'],
  selector: { app: 'reviews' },
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

/** What exists, frozen: a wizard changes nothing of it. */
export function worldOf(objects: readonly KubeResource[], service: WizardWorld['service'] = reviews): WizardWorld {
  const byKind = Map.groupBy(objects.map(freeze), ({ apiVersion, kind }) => findKindOfObject(apiVersion, kind)?.id)
  return {
    all: (kind) => byKind.get(kind) ?? [],
    service,
    rootNamespace: 'istio-system',
    trustDomains: ['cluster.local'],
    knows: () => true,
  }
}

/**
 * The objects after a wizard. What the API's own rules hold against them is a fault of the wizard, and so is what the
 * analysis of a mesh with nothing wrong finds then.
 */
export function after(
  wizard: WizardId,
  answers: Answers,
  objects: readonly KubeResource[] = [],
  world: Partial<WizardWorld> = {},
): KubeResource[] {
  const { changes, problems } = WIZARDS[wizard](answers, { ...worldOf(objects), ...world })
  expect(problems).toEqual([])
  for (const change of changes) expect(objectFaults(change.after)).toEqual([])
  return changes.map((change) => change.after)
}

/** Codes of what the analysis finds newly after a wizard. */
export function newFindings(before: readonly KubeResource[], made: readonly KubeResource[]): string[] {
  const keyOf = ({ kind, metadata }: KubeResource): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`
  const changed = new Set(made.map(keyOf))
  const present = [...before.filter((object) => !changed.has(keyOf(object))), ...made]
  const [old, now] = [before, present].map((objects) => createAnalyzer().analyze(inputOf({ objects })))
  return compareFindings(old ?? [], now ?? []).fresh.map(({ code }) => code)
}

/** What is to be known of a plan, by its codes. */
export const notes = (
  wizard: WizardId,
  answers: Answers,
  objects: readonly KubeResource[] = [],
  world: Partial<WizardWorld> = {},
) => (WIZARDS[wizard](answers, { ...worldOf(objects), ...world }).notes ?? []).map(({ code }) => code)

export const specs = (...args: Parameters<typeof after>) => after(...args).map(({ spec }) => spec)
/** What a wizard holds against answers, where nothing exists if nothing is said. */
export const problems = (
  wizard: WizardId,
  answers: Answers,
  service: WizardWorld['service'] = reviews,
  objects: readonly KubeResource[] = [],
) => WIZARDS[wizard](answers, worldOf(objects, service)).problems.map(({ field, code }) => `${field} ${code}`)
