import type { DedicatedDraft, DedicatedProblems } from './dedicated-draft.ts'

/** What each step of the wizard is given. */
export interface StepProps {
  draft: DedicatedDraft
  change: (part: Partial<DedicatedDraft>) => void
  /** Those that are to be shown: none before somebody wanted to go on. */
  problems: DedicatedProblems
}
