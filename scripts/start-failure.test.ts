import { KubeStatusError } from '@meshdeck/kube-client'
import { expect, it } from 'vitest'
import { startFailure } from './start-failure.ts'
import { UsageError } from './start-options.ts'

const status = (code: number) =>
  new KubeStatusError({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: 'crds is forbidden' }, code)
const system = (code: string) => Object.assign(new Error(`listen ${code}`), { code, address: '127.0.0.1', port: 80 })

it.each([
  [new UsageError('write CONTEXT=URL'), 'write CONTEXT=URL'],
  [status(403), 'must administer the hub'],
  [status(500), 'the hub answers 500: crds is forbidden'],
  [system('EADDRINUSE'), '127.0.0.1:80 is taken'],
  [system('EACCES'), 'choose a port above 1023'],
  [system('EADDRNOTAVAIL'), '--host is no address of this machine'],
  [new Error('vite exited with 1'), 'Meshdeck could not start: vite exited with 1'],
  ['odd', 'Meshdeck could not start: odd'],
])('%s is said with its cure', (error, words) => {
  expect(startFailure(error)).toContain(words)
  expect(startFailure(error)).not.toContain('\n')
})
