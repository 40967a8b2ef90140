import type { KubeResource } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { printDocument } from './draft.ts'
import { rebaseDocument } from './rebase.ts'

const BASE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  hosts:
    - web
  http:
    - timeout: 5s
      route:
        - destination: { host: web, subset: v1 }
          weight: 90
        - destination: { host: web, subset: v2 }
          weight: 10
`
const object = (text: string): KubeResource => parse(text)

/** My draft and their version, both made from the base by replacing text. */
function rebase(mine: [from: string, to: string][], theirs: [from: string, to: string][]) {
  const change = (edits: [string, string][]) => edits.reduce((text, [from, to]) => text.replace(from, to), BASE)
  const document = parseDocument(change(mine))
  const conflicts = rebaseDocument(document, object(BASE), object(change(theirs)))
  return { conflicts, document, value: document.toJS() }
}

describe('rebaseDocument', () => {
  it('keeps my change and takes over theirs when they touch different fields', () => {
    const { conflicts, value } = rebase(
      [
        ['weight: 90', 'weight: 50'],
        ['weight: 10', 'weight: 50'],
      ],
      [
        ['timeout: 5s', 'timeout: 9s'],
        ['app: web', 'app: web\n    team: a'],
      ],
    )
    expect(conflicts).toEqual([])
    expect(value).toMatchObject({
      metadata: { labels: { app: 'web', team: 'a' } },
      spec: { http: [{ timeout: '9s', route: [{ weight: 50 }, { weight: 50 }] }] },
    })
  })

  it('keeps mine and says so where both changed the same field', () => {
    const { conflicts, value } = rebase([['5s', '7s']], [['5s', '9s']])
    expect(conflicts).toEqual([{ path: ['spec', 'http', 0, 'timeout'], base: '5s', mine: '7s', theirs: '9s' }])
    expect(value.spec.http[0].timeout).toBe('7s')
  })

  it('does not bring back what I took out, and takes out what they took out', () => {
    const { conflicts, document } = rebase([['timeout: 5s\n      route', 'route']], [['  labels:\n    app: web\n', '']])
    expect(conflicts).toEqual([])
    expect(document.hasIn(['spec', 'http', 0, 'timeout'])).toBe(false)
    expect(document.hasIn(['metadata', 'labels'])).toBe(false)
  })

  it('treats a list of which an element was added as one value', () => {
    const { conflicts, value } = rebase(
      [['weight: 90', 'weight: 80']],
      [['          weight: 10\n', '          weight: 10\n        - destination: { host: web, subset: v3 }\n']],
    )
    expect(conflicts.map((conflict) => conflict.path)).toEqual([['spec', 'http', 0, 'route']])
    expect(value.spec.http[0].route).toHaveLength(2)
  })

  it('takes over several list elements added or removed without moving the others', () => {
    const grown = rebase([['5s', '7s']], [['    - web\n', '    - a\n    - b\n    - c\n']])
    expect(grown.value).toMatchObject({ spec: { hosts: ['a', 'b', 'c'], http: [{ timeout: '7s' }] } })
    const shrunk = rebase(
      [['5s', '7s']],
      [['        - destination: { host: web, subset: v2 }\n          weight: 10\n', '']],
    )
    expect(shrunk.value.spec.http[0].route).toEqual([{ destination: { host: 'web', subset: 'v1' }, weight: 90 }])
  })

  it('keeps comments and unknown fields of the draft', () => {
    const { document, value } = rebase([['  hosts:', '  # who is called\n  unheardOf: 1\n  hosts:']], [['5s', '9s']])
    expect(printDocument(document)).toContain('# who is called')
    expect(value).toMatchObject({ spec: { unheardOf: 1, http: [{ timeout: '9s' }] } })
  })
})
