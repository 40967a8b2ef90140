import { readAnswers, type AnswerReader } from './read-answers.ts'
import {
  realChanges,
  type Wizard,
  type WizardChange,
  type WizardNote,
  type WizardPlan,
  type WizardProblem,
  type WizardService,
  type WizardWorld,
} from './wizard.ts'

/** What a wizard would do, beside what is wrong with the answers. */
export interface Planned {
  changes: readonly WizardChange[]
  notes?: readonly WizardNote[]
  problems?: readonly WizardProblem[]
}

/** A wizard about a service: says so when none was chosen, and plans nothing while there are problems. */
export function aboutService(
  plan: (read: AnswerReader, world: WizardWorld, service: WizardService) => Planned,
): Wizard {
  return (answers, world): WizardPlan => {
    const read = readAnswers(answers)
    if (world.service === undefined) return { changes: [], problems: [{ field: 'service', code: 'required' }] }
    const { changes, notes = [], problems = [] } = plan(read, world, world.service)
    const all = [...read.problems, ...problems]
    return { problems: all, notes, changes: all.length > 0 ? [] : realChanges(changes) }
  }
}

/** A plan that cannot be made for this service. */
export const impossible = (code: WizardProblem['code'], notes: readonly WizardNote[] = []): Planned => ({
  changes: [],
  notes,
  problems: [{ field: 'service', code }],
})
