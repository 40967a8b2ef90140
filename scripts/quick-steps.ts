import type { Step } from './steps.ts'

/** What a developer runs before each commit; `npm test` begins with the same. */
export const QUICK_STEPS: readonly Step[] = [
  { name: 'format', run: ['oxfmt', '--check', '.'] },
  { name: 'lint', run: ['oxlint', '--deny-warnings'] },
  { name: 'import rules', run: ['node', 'scripts/check-imports.ts'] },
  { name: 'types', run: ['node', 'scripts/types.ts'] },
  { name: 'dead code and unused dependencies', run: ['knip'] },
  // The version of pnpm is pinned in scripts/bootstrap.mjs: a packageManager field would make pnpm look itself up.
  { name: 'workspace', run: ['sherif', '--ignore-rule', 'root-package-manager-field'] },
  { name: 'unit tests', run: ['vitest', 'run', '--project', 'unit'] },
]
