// The one door of `npm start`, `npm test`, `npm run check`, `npm run bench` and `npm run lab`. It runs on the machine's own Node
// (20 or newer), installs what the lockfile pins when that has changed, and hands over to the pinned Node.
// It is plain JavaScript with built-in modules only: nothing is installed yet when it runs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PNPM = 'pnpm@12.21.0'
const OLDEST_NODE = 20

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [command, ...args] = process.argv.slice(2)

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  console.error(`Meshdeck needs Node ${OLDEST_NODE} or newer; this is ${process.version}. See https://nodejs.org/.`)
  process.exit(1)
}

const marker = join(root, 'node_modules', '.meshdeck-install')
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
  .digest('hex')

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
  console.log(`· installing packages with ${PNPM} (once, until the lockfile changes)`)
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  const install = spawnSync(npx, ['-y', PNPM, 'install', '--frozen-lockfile', '--loglevel', 'error'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (install.status !== 0) {
    console.error('· the install failed; its own words are above')
    process.exit(install.status ?? 1)
  }
  writeFileSync(marker, wanted)
}

const bin = join(root, 'node_modules', '.bin')
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const child = spawn(node, [join(root, 'scripts', `${command}.ts`), ...args], {
  cwd: process.cwd(),
  stdio: 'inherit',
  env: { ...process.env, PATH: `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
