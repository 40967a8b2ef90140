import type { FindingView } from '@meshdeck/contract'
import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { printDocument } from '../../resource-kit/draft.ts'
import { applyRepair, readRepair, repairsOf, type Repair } from './repairs.ts'

const finding = (part: Partial<FindingView>): FindingView => ({
  code: 'IST0118',
  level: 'info',
  cluster: 'east',
  kind: 'Service',
  namespace: 'shop',
  name: 'web',
  path: '',
  values: {},
  ...part,
})

function repaired(text: string, repair: Repair, like?: KubeResource): string {
  const document = parseDocument(text)
  // The boundary: the test's own text.
  applyRepair(document, repair, document.toJS() as KubeResource, like)
  return printDocument(document)
}

const HEAD = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n'

describe('repairs of a service', () => {
  it('declare the protocol of the ports that say none, and of no other', () => {
    const text = `${HEAD}spec:
  ports:
    # the shop window
    - port: 80
      name: http-web
    - port: 81
    - port: 82
      name: db
      appProtocol: nonsense
    - port: 53
      protocol: UDP
`
    expect(repaired(text, { repair: 'protocol', protocol: 'grpc' })).toBe(
      text
        .replace('- port: 81\n', '- port: 81\n      appProtocol: grpc\n')
        .replace('appProtocol: nonsense', 'appProtocol: grpc'),
    )
  })

  it('let a service select all versions, and leave a selector of the version alone empty', () => {
    const text = `${HEAD}spec:\n  selector:\n    app: web\n    version: v1\n`
    expect(repaired(text, { repair: 'all-versions' })).toBe(`${HEAD}spec:\n  selector:\n    app: web\n`)
  })

  it('make it like that of another cluster, with its own node ports', () => {
    const like: KubeResource = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: {
        clusterIP: '10.0.0.9',
        type: 'NodePort',
        selector: { app: 'web' },
        ports: [{ port: 80, name: 'http', nodePort: 30_001 }, { port: 81 }],
      },
    }
    const text = `${HEAD}spec:\n  clusterIP: 10.9.9.9\n  type: NodePort\n  sessionAffinity: ClientIP\n  selector:\n    app: old\n  ports:\n    - port: 80\n      nodePort: 31000\n`
    expect(parseDocument(repaired(text, { repair: 'alike', like: 'west' }, like)).toJS()).toMatchObject({
      spec: {
        clusterIP: '10.9.9.9',
        type: 'NodePort',
        selector: { app: 'web' },
        ports: [{ port: 80, name: 'http', nodePort: 31_000 }, { port: 81 }],
      },
    })
    expect(repaired(text, { repair: 'alike', like: 'west' }, like)).not.toContain('sessionAffinity')
  })

  it('are offered for what a change of the service mends', () => {
    expect(repairsOf(finding({ code: 'MD0602' }))).toEqual([{ cluster: 'east', repair: 'protocol' }])
    expect(repairsOf(finding({ code: 'MD2001' }))).toEqual([{ cluster: 'east', repair: 'all-versions' }])
    expect(repairsOf(finding({ code: 'IST0170', values: { other: 'west', differing: 'ports' } }))).toEqual([
      { cluster: 'west', repair: 'alike', like: 'east' },
      { cluster: 'east', repair: 'alike', like: 'west' },
    ])
    // A cluster IP cannot be taken from a service that exists, nor given to it.
    expect(repairsOf(finding({ code: 'IST0170', values: { other: 'west', differing: 'headless' } }))).toEqual([])
    expect(repairsOf(finding({ code: 'MD2003' }))).toEqual([])
    expect(repairsOf(finding({ kind: 'Deployment' }))).toEqual([])
  })

  it.each([
    [
      { repair: 'protocol', protocol: 'grpc', like: '' },
      { repair: 'protocol', protocol: 'grpc' },
    ],
    [{ repair: 'protocol', protocol: 'smtp', like: '' }, undefined],
    [{ repair: 'alike', protocol: '', like: '' }, undefined],
    [
      { repair: 'alike', protocol: '', like: 'west' },
      { repair: 'alike', like: 'west' },
    ],
    [{ repair: 'all', protocol: '', like: '' }, undefined],
  ])('%o is read from the address as %o', (search, repair) => expect(readRepair(search)).toEqual(repair))
})
