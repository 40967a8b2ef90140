/** `npm run check`: format, lint, types, dead code, unit tests. */
import { QUICK_STEPS } from './quick-steps.ts'
import { runSteps } from './steps.ts'

process.exitCode = await runSteps(QUICK_STEPS, { nothingLeftOut: true })
