import fc from 'fast-check'
import { isClusterName } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { clusterNames, parseStartOptions, UsageError } from './start-options.ts'

describe('npm start', () => {
  it('takes the embedded fleet without a kubeconfig', () => {
    expect(parseStartOptions([], {})).toMatchObject({ kubeconfig: undefined, fleet: 'demo' })
    expect(() => parseStartOptions(['--kubeconfig', ''], { KUBECONFIG: '/x' })).toThrow('KUBECONFIG is set')
  })

  it('reads its options', () => {
    const options = parseStartOptions(
      [
        '--kubeconfig',
        'f',
        '--port',
        '0',
        '--no-open',
        '--prometheus',
        'a=http://localhost:9090',
        '--base-path',
        'ui/mesh/',
        '--helm',
        '/opt/helm',
        '--istio-charts',
        'oci://charts.example/istio',
      ],
      {},
    )
    expect(options).toEqual({
      kubeconfig: 'f',
      fleet: 'demo',
      seed: 1,
      port: 0,
      host: '127.0.0.1',
      open: false,
      basePath: '/ui/mesh',
      helm: { program: '/opt/helm', charts: 'oci://charts.example/istio' },
      prometheus: new Map([['a', 'http://localhost:9090']]),
    })
  })

  it.each([
    [['--kubeconfig', 'f', '--port', '70000'], '--port 70000'],
    [['--kubeconfig', 'f', '--prometheus', 'ftp'], '--prometheus ftp'],
    [['--kubeconfig', 'f', '--prometheus', 'a=ftp://x'], 'write CONTEXT=URL'],
    [['--kubeconfig', 'f', '--bogus'], '--bogus'],
    [['--kubeconfig', 'f', '--base-path', 'a b'], 'not a URL path'],
    [['--fleet', 'demo', '--kubeconfig', 'f'], 'one or the other'],
    [['--prometheus', 'a=http://x'], 'the embedded fleet has its own'],
    [['--host', '0.0.0.0'], 'for this machine only'],
  ])('refuses %j', (args, message) => {
    expect(() => parseStartOptions(args, {})).toThrow(UsageError)
    expect(() => parseStartOptions(args, {})).toThrow(message)
  })
})

describe('names of clusters', () => {
  it('stay near to the context', () => {
    expect([
      ...clusterNames(['kubernetes-admin@prod', 'Prod', 'prod', 'arn:aws:eks:eu:1:cluster/foo']).values(),
    ]).toEqual(['kubernetes-admin-prod', 'prod', 'prod-2', 'arn-aws-eks-eu-1-cluster-foo'])
  })

  it('are valid and unique for any contexts', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (contexts) => {
        const names = [...clusterNames(contexts).values()]
        expect(new Set(names).size).toBe(contexts.length)
        expect(names.every(isClusterName)).toBe(true)
      }),
    )
  })
})
