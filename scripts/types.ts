/** `npm run types`: the type checker over the root and every package that has a tsconfig.json. */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runProgram } from './steps.ts'

const projects = ['.', ...globSync('{packages,apps}/*', { cwd: ROOT }).toSorted(), 'e2e', 'e2e/lab']
for (const project of projects) {
  if (!existsSync(join(ROOT, project, 'tsconfig.json'))) continue
  await runProgram(['tsc', '-p', project])
  console.log(`types: ${project} ok`)
}
