import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { runCommand } from './run-command.ts'
import type { Progress } from './progress.ts'
import { ISTIO_VERSION, KUBERNETES_VERSION } from './versions.ts'

/** Of the same module, so that it shares the dependencies. */
const HELM = 'helm.sh/helm/v4/cmd/helm'
const GO_DIR = join(import.meta.dirname, '..', 'go')

/** The programs cannot be built on this machine as it is. */
export class ProgramsError extends Error {
  override name = 'ProgramsError'
}

/** Where what is made once and used by every lab of this user lies. */
export function cacheDir(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'meshdeck', 'lab')
}

/**
 * The directory of the built programs. The first time it builds them, which takes minutes; after
 * that it is a look at the cache. The directory's name holds a hash of all that goes into them.
 */
export async function ensurePrograms(progress: Progress, signal?: AbortSignal): Promise<string> {
  const goVersion = await findGo()
  const finished = join(cacheDir(), `bin-${await hashSources(goVersion)}`)
  if (await exists(finished)) return finished

  await mkdir(cacheDir(), { recursive: true })
  const draft = await mkdtemp(join(cacheDir(), 'building-'))
  try {
    await build(draft, progress, signal)
    await rename(draft, finished)
  } catch (cause) {
    await rm(draft, { recursive: true, force: true })
    // Somebody else may have built the same meanwhile; theirs is as good.
    if (!(await exists(finished))) throw cause
  }
  return finished
}

async function findGo(): Promise<string> {
  try {
    // Inside the module, so that this names the toolchain which go.mod asks for, fetched if need be.
    return (await runCommand('go', ['env', 'GOVERSION'], { cwd: GO_DIR })).trim()
  } catch (cause) {
    const needed = /^go (\S+)$/m.exec(await readFile(join(GO_DIR, 'go.mod'), 'utf8'))?.[1]
    throw new ProgramsError(
      `The lab's programs are built with Go ${needed} or newer, and no such Go can be run here.\n` +
        `Install Go (Debian: the package golang-go) and put it on PATH. Go 1.21 or newer is enough: with\n` +
        `GOTOOLCHAIN=auto it fetches ${needed} itself through the Go module proxy.\n` +
        `What was tried: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

async function hashSources(goVersion: string): Promise<string> {
  const hash = createHash('sha256').update([goVersion, ISTIO_VERSION, KUBERNETES_VERSION, process.arch].join(' '))
  const entries = await readdir(GO_DIR, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort()) {
    hash.update(`\n${relative(GO_DIR, file)}\n`).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}

async function build(draft: string, progress: Progress, signal: AbortSignal | undefined): Promise<void> {
  progress.say(
    'building the Kubernetes and Istio programs: about 8 minutes on 2 cores the first time, then never again',
  )
  await runCommand('go', ['mod', 'download'], {
    cwd: GO_DIR,
    signal,
    onErrorLine: (line) => progress.say(line),
  })
  progress.say('Go modules are here; compiling')

  let compiled = 0
  let latest = ''
  const ticker = setInterval(() => progress.say(`compiled ${compiled} packages, last ${latest}`), 15_000)
  try {
    // `-v` names each package as it is compiled: the only sign of life the compiler gives.
    await runCommand(
      'go',
      ['build', '-v', '-trimpath', '-ldflags', linkerFlags(), '-o', `${draft}/`, './cmd/...', HELM],
      {
        cwd: GO_DIR,
        env: { CGO_ENABLED: '0' },
        signal,
        onErrorLine: (line) => {
          compiled++
          latest = line
        },
      },
    )
  } finally {
    clearInterval(ticker)
  }
  for (const name of ['kubectl', 'etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    await symlink('kube', join(draft, name))
  }
  for (const name of ['istiod', 'istioctl']) await symlink('istio', join(draft, name))
  await copyManifests(draft)
  progress.say('programs are built')
}

function linkerFlags(): string {
  const kubernetes = 'k8s.io/component-base/version'
  const [major, minor] = KUBERNETES_VERSION.slice(1).split('.')
  const settings = [
    `${kubernetes}.gitVersion=${KUBERNETES_VERSION}`,
    `${kubernetes}.gitMajor=${major}`,
    `${kubernetes}.gitMinor=${minor}`,
    `istio.io/istio/pkg/version.buildVersion=${ISTIO_VERSION}`,
  ]
  return ['-s -w', ...settings.map((setting) => `-X ${setting}`)].join(' ')
}

/** Keeps the resource definitions and charts that came with the modules, next to the programs. */
async function copyManifests(draft: string): Promise<void> {
  const moduleDir = async (path: string): Promise<string> =>
    (await runCommand('go', ['list', '-m', '-f', '{{.Dir}}', path], { cwd: GO_DIR })).trim()
  const gatewayApi = join(await moduleDir('sigs.k8s.io/gateway-api'), 'config/crd/standard')
  const charts = join(await moduleDir('istio.io/istio'), 'manifests/charts')
  const crds = join(draft, 'crds')
  await mkdir(crds)
  for (const file of await readdir(gatewayApi)) {
    // The policy beside the definitions guards their upgrade, which the lab never does.
    if (!file.includes('_vap_')) await cp(join(gatewayApi, file), join(crds, file))
  }
  await cp(join(charts, 'base/files/crd-all.gen.yaml'), join(crds, 'istio.yaml'))
  await cp(charts, join(draft, 'charts'), { recursive: true })
  // The module cache is read-only, and a cache that cannot be deleted is a nuisance.
  await runCommand('chmod', ['-R', 'u+w', draft])
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
