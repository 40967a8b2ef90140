/** Finds Chromium for the browser tests, or installs Debian's when this machine lets us. */
import { existsSync } from 'node:fs'
import { runProgram } from './steps.ts'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Path of a Chromium that is there; the environment variable MESHDECK_CHROMIUM names another one. */
export function findChromium(): string | undefined {
  const named = process.env['MESHDECK_CHROMIUM']
  return [...(named === undefined ? [] : [named]), ...CANDIDATES].find((path) => existsSync(path))
}

/** Says why there is no Chromium and none can be installed; `undefined` when there is one or it can be. */
export function chromiumObstacle(): string | undefined {
  if (findChromium() !== undefined) return undefined
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) return undefined
  return 'Chromium is missing and apt-get cannot be used (not root, or no Debian): install it, or set MESHDECK_CHROMIUM'
}

/** Installs Chromium, and a font with Chinese glyphs for the pictures, when it is missing. */
export async function ensureChromium(): Promise<void> {
  if (findChromium() !== undefined) return
  console.log('· Chromium is missing: installing it from the system packages')
  await runProgram(['apt-get', 'update', '-qq'])
  await runProgram(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-wqy-microhei'])
}
