import type { Mesh } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { ownResources, setMeshQuantity, setOwnQuantity, valuesPath } from './global-values.ts'

const mesh = (spec: Partial<Mesh['spec']>): Mesh => ({
  apiVersion: 'meshdeck.io/v1alpha1',
  kind: 'Mesh',
  metadata: { name: 'shop' },
  spec: { mode: 'Managed', controlPlane: { cluster: 'east' }, ...spec },
})
const dedicated = mesh({ mode: 'Dedicated' })
const managed = mesh({ members: [{ cluster: 'east' }, { cluster: 'west', network: 'n2' }] })

/** The record as YAML after an edit. */
function edited(text: string, edit: (document: ReturnType<typeof parseDocument>) => void): string {
  const document = parseDocument(text)
  edit(document)
  return document.toString()
}

describe('values of one cluster', () => {
  it('stand with its member, and in the mesh’s own for a control plane that is alone', () => {
    expect(valuesPath(managed, 'west')).toEqual(['spec', 'members', 1, 'values'])
    expect(valuesPath(dedicated, 'east')).toEqual(['spec', 'values'])
    expect(valuesPath(mesh({ members: [{ cluster: 'west' }] }), 'east')).toEqual(['spec', 'members', 1, 'values'])
  })

  it('are read from there', () => {
    const values = { global: { proxy: { resources: { limits: { cpu: 1 } } } } }
    expect(ownResources(mesh({ mode: 'Dedicated', values }), 'east').limits).toEqual({ cpu: '1' })
    const members = [{ cluster: 'west', values }]
    expect(ownResources(mesh({ members }), 'west').limits).toEqual({ cpu: '1' })
    expect(ownResources(mesh({ members, values }), 'east')).toEqual({ requests: {}, limits: {} })
  })

  it('are written below what is there, and comments stay', () => {
    const before = 'spec:\n  members:\n    - cluster: east\n    # far away\n    - cluster: west\n      values:\n'
    const after = edited(before, (document) => setOwnQuantity(document, managed, 'west', ['limits', 'memory'], '256Mi'))
    expect(after).toContain('# far away')
    expect(parseDocument(after).toJS()).toEqual({
      spec: {
        members: [
          { cluster: 'east' },
          { cluster: 'west', values: { global: { proxy: { resources: { limits: { memory: '256Mi' } } } } } },
        ],
      },
    })
    // What was written goes without a trace.
    const again = edited(after, (document) => setOwnQuantity(document, managed, 'west', ['limits', 'memory'], ''))
    expect(parseDocument(again).toJS()).toEqual({ spec: { members: [{ cluster: 'east' }, { cluster: 'west' }] } })
  })

  it('give a cluster its entry when it has none', () => {
    const alone = mesh({})
    const after = edited('spec:\n  mode: Managed\n', (document) =>
      setOwnQuantity(document, alone, 'east', ['requests', 'cpu'], '50m'),
    )
    expect(parseDocument(after).toJS().spec.members).toEqual([
      { cluster: 'east', values: { global: { proxy: { resources: { requests: { cpu: '50m' } } } } } },
    ])
  })

  it('leave what else is said', () => {
    const before = 'spec:\n  values:\n    global:\n      proxy:\n        logLevel: info\n'
    const set = edited(before, (document) => setOwnQuantity(document, dedicated, 'east', ['limits', 'cpu'], '1'))
    const gone = edited(set, (document) => setOwnQuantity(document, dedicated, 'east', ['limits', 'cpu'], ''))
    expect(gone).toBe(before)
  })
})

describe('resources of the whole mesh', () => {
  it('come and go', () => {
    const set = edited('spec:\n  mode: Managed\n', (document) => setMeshQuantity(document, ['limits', 'cpu'], '2'))
    expect(parseDocument(set).toJS()).toEqual({
      spec: { mode: 'Managed', dataPlane: { resources: { limits: { cpu: '2' } } } },
    })
    const gone = edited(set, (document) => setMeshQuantity(document, ['limits', 'cpu'], ''))
    expect(parseDocument(gone).toJS().spec.dataPlane).toEqual({})
  })
})
