import { describe, expect, it } from 'vitest'
import { labelCommand, parseTarget, printTarget, restartCommand } from './targets.ts'

describe('commands', () => {
  it('set what is new and take away what goes', () => {
    const labels = [{ label: 'istio-injection', after: 'enabled' }, { label: 'istio.io/rev' }]
    expect(labelCommand({ cluster: 'alpha', namespace: 'shop' }, labels)).toBe(
      'kubectl --context alpha label namespace shop istio-injection=enabled istio.io/rev- --overwrite',
    )
  })

  it('restart the workloads of a namespace together', () => {
    const command = restartCommand([
      { cluster: 'alpha', namespace: 'shop', kind: 'Deployment', name: 'web' },
      { cluster: 'alpha', namespace: 'shop', kind: 'StatefulSet', name: 'db' },
      { cluster: 'beta', namespace: 'shop', kind: 'DaemonSet', name: 'agent' },
    ])
    expect(command.split('\n')).toEqual([
      'kubectl --context alpha -n shop rollout restart deployment/web statefulset/db',
      'kubectl --context beta -n shop rollout restart daemonset/agent',
    ])
  })
})

describe('a namespace in the address', () => {
  it('is read as it was written, and nothing else is', () => {
    const target = { cluster: 'alpha', namespace: 'shop' }
    expect(parseTarget(printTarget(target))).toEqual(target)
    for (const text of ['', 'alpha', 'alpha/', '/shop', 'a/b/c']) expect(parseTarget(text)).toBeUndefined()
  })
})
