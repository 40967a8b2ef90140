import { expect, it } from 'vitest'
import { dependsOn, FLEET, meshScope } from './query-keys.ts'

it.each([
  [['alpha', 'VirtualService', 'list'], 'alpha', 'VirtualService', true],
  [['beta', 'VirtualService', 'list'], 'alpha', 'VirtualService', false],
  [['alpha', 'Gateway', 'list'], 'alpha', 'VirtualService', false],
  [[meshScope('shop'), ['Pod', 'Service'], 'overview'], 'alpha', 'Service', true],
  [[meshScope('shop'), ['Pod', 'Service'], 'overview'], 'alpha', 'Mesh', false],
  [[FLEET, ['Mesh', 'Cluster'], 'meshes'], '-hub', 'Mesh', true],
  // All of a cluster may have changed: it was lost, or came back.
  [[meshScope('shop'), ['Pod'], 'overview'], 'alpha', undefined, true],
  [['session'], 'alpha', undefined, false],
  [['access', { verb: 'get' }], 'alpha', undefined, false],
])('%j depends on %s %s: %s', (key, cluster, kind, expected) => {
  expect(dependsOn(key, cluster, kind)).toBe(expected)
})
