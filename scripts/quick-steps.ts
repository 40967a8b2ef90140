import type { Step } from './steps.ts'

/** What a developer runs before each commit; `npm test` begins with the same. */
export const QUICK_STEPS: readonly Step[] = [
  { name: 'format', run: ['oxfmt', '--check', '.'] },
  { name: 'lint', run: ['oxlint', '--deny-warnings'] },
  { name: 'import rules', run: ['node', 'scripts/check-imports.ts'] },
  { name: 'types', run: ['node', 'scripts/types.ts'] },
  { name: 'dead code and unused dependencies', run: ['knip'] },
  { name: 'workspace', run: ['sherif'] },
  { name: 'unit tests', run: ['vitest', 'run', '--project', 'unit'] },
]
