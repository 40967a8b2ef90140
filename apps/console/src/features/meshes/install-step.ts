import type { InstallDraft, InstallProblems } from './install-draft.ts'

/** What each step of the wizard is given. */
export interface StepProps {
  draft: InstallDraft
  change: (part: Partial<InstallDraft>) => void
  /** Those that are to be shown: none before somebody wanted to go on. */
  problems: InstallProblems
}
