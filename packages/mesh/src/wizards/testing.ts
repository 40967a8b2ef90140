import { findKindOfObject, type KubeResource } from '@meshdeck/kube'
import { expect } from 'vitest'
import { SHOP } from '../analysis/corpus/objects.ts'
import { objectFaults } from '../validate/object-faults.ts'
import type { Answers, WizardWorld } from './wizard.ts'
import { WIZARDS, type WizardId } from './wizards.ts'

/** The service that the tests are about. */
export const reviews = {
  namespace: SHOP,
  name: 'reviews',
  ports: [9080],
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
  return { all: (kind) => byKind.get(kind) ?? [], service, rootNamespace: 'istio-system' }
}

/** The objects after a wizard; what the API's own rules hold against them is a fault of the wizard. */
export function after(wizard: WizardId, answers: Answers, objects: readonly KubeResource[] = []): KubeResource[] {
  const { changes, problems } = WIZARDS[wizard](answers, worldOf(objects))
  expect(problems).toEqual([])
  for (const change of changes) expect(objectFaults(change.after)).toEqual([])
  return changes.map((change) => change.after)
}
export const specs = (...args: Parameters<typeof after>) => after(...args).map(({ spec }) => spec)
/** What a wizard holds against answers where nothing exists. */
export const problems = (wizard: WizardId, answers: Answers, service: WizardWorld['service'] = reviews) =>
  WIZARDS[wizard](answers, worldOf([], service)).problems.map(({ field, code }) => `${field} ${code}`)
