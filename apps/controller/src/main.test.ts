import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  })

it.each([
  [[], 'There is no hub: give --kubeconfig FILE, or run in a cluster\n'],
  [['--kubeconfig', '/no/such'], 'The kubeconfig /no/such cannot be read; check the path and its permissions\n'],
  [['--kubeconfig'], "Option '--kubeconfig <value>' argument missing\n"],
  [['--bogus'], "Unknown option '--bogus'\n"],
])('says in one line what is wrong with %j', { timeout: 30_000 }, (args, message) => {
  const { status, stdout, stderr } = run(...args)
  expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: message })
})
