/** `pnpm lint`, second half: holds every import of the checkout against scripts/import-rules.ts. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { importProblem } from './import-rules.ts'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(file))

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g

const problems: string[] = []
for (const file of files) {
  for (const match of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? match[3]
    const problem = specifier === undefined ? undefined : importProblem(file, specifier)
    if (problem !== undefined) problems.push(`${file}: imports ${specifier}: ${problem}`)
  }
}

for (const problem of problems) console.error(problem)
console.log(`import rules: ${files.length} files, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1
