/** Builds the console into apps/console/dist, unless what is there was built from the same sources. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, runProgram } from './steps.ts'

const DIST = join(ROOT, 'apps/console/dist')
const MARKER = join(DIST, '.built-from')
const SOURCES = [
  'apps/console/{src,public}/**/*',
  'apps/console/*.{html,ts,json}',
  'packages/{kube,contract,mesh}/src/**/*',
  'pnpm-lock.yaml',
]

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const file of globSync(SOURCES, { cwd: ROOT }).toSorted()) {
    if (!statSync(join(ROOT, file)).isFile()) continue
    hash.update(file).update(readFileSync(join(ROOT, file)))
  }
  return hash.digest('hex')
}

/** Builds when needed; returns the folder. */
export async function buildConsole(): Promise<string> {
  const wanted = fingerprint()
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted) return DIST
  console.log('· building the console')
  await runProgram([
    'node',
    'apps/console/node_modules/vite/bin/vite.js',
    'build',
    'apps/console',
    '--logLevel',
    'warn',
  ])
  writeFileSync(MARKER, wanted)
  return DIST
}

if (import.meta.main) await buildConsole()
