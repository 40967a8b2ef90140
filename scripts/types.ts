/** `npm run types`: the type checker over the root and every package that has a tsconfig.json. */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runProgram } from './steps.ts'

const projects = ['.', ...globSync('{packages,apps}/*', { cwd: ROOT }).toSorted(), 'e2e', 'e2e/lab']
for (const project of projects) {
  // A package whose sources have not landed yet has nothing to check.
  if (project !== '.' && globSync('{src,tests}/**/*.ts', { cwd: join(ROOT, project) }).length === 0) continue
  for (const config of globSync('tsconfig{,.build}.json', { cwd: join(ROOT, project) })) {
    await runProgram(['tsc', '-p', join(project, config)])
  }
  console.log(`types: ${project} ok`)
}
