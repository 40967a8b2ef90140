import { describe, expect, it } from 'vitest'
import { authorOf, consoleManager, fieldWrites, newestWrite } from './author.ts'
import { DEFAULT_HISTORY_LIMITS, recordsToPrune, widestLimits, type KeptRecord } from './limits.ts'
import { ownerOf } from './ownership.ts'
import { RECORDED_KINDS } from './recorded-kinds.ts'

describe('the author of a change', () => {
  it.each([
    ['meshdeck:alice@example.org', 'console'],
    ['meshdeck', 'console'],
    ['meshdeck-controller', 'meshdeck'],
    ['kubectl-client-side-apply', 'kubectl'],
    ['kubectl', 'kubectl'],
    ['argocd-controller', 'argocd'],
    ['kustomize-controller', 'flux'],
    ['helm-controller', 'flux'],
    ['helm', 'helm'],
    ['pilot-discovery', 'istio'],
    ['Terraform', 'other'],
  ])('%s is %s', (manager, tool) => {
    expect(authorOf(manager)).toMatchObject({ tool, manager })
  })

  it('is a person where the console wrote', () => {
    expect(authorOf(consoleManager('alice')).user).toBe('alice')
    expect(authorOf(consoleManager('小明\n')).user).toBe('小明?')
    const long = consoleManager('界'.repeat(200))
    expect(encodeURIComponent(long).replace(/%../g, '.').length).toBeLessThanOrEqual(128)
    expect(long).not.toContain('\uFFFD')
  })

  it('is who wrote since, not who wrote before', () => {
    const writes = fieldWrites({
      apiVersion: 'v1',
      kind: 'X',
      metadata: {
        name: 'x',
        managedFields: [
          { manager: 'kubectl', operation: 'Apply', time: '2026-01-01T00:00:09Z' },
          { manager: 'helm', operation: 'Update', time: '2026-01-01T00:00:05Z' },
          { manager: 'status-writer', operation: 'Update', time: '2026-01-01T00:00:30Z', subresource: 'status' },
          { manager: 'of no time' },
        ],
      },
    })
    expect(writes.map(({ manager }) => manager)).toEqual(['helm', 'kubectl'])
    const late = '2026-01-01T01:00:00Z'
    expect(newestWrite(writes, writes[0], late)?.manager).toBe('kubectl')
    expect(newestWrite(writes, writes[1], late)).toBeUndefined()
    // The same hand twice within a second leaves one time.
    expect(newestWrite(writes, writes[1], '2026-01-01T00:00:10Z')?.manager).toBe('kubectl')
  })
})

describe('marks of ownership', () => {
  const of = (labels: Record<string, string>, annotations: Record<string, string> = {}) =>
    ownerOf({ metadata: { name: 'x', labels, annotations } })

  it('are those of Argo CD, Flux and Helm, and the reference to an owner', () => {
    expect(of({}, { 'argocd.argoproj.io/tracking-id': 'shop:networking.istio.io/VirtualService:a/b' })).toEqual({
      by: 'Argo CD',
      name: 'shop',
    })
    expect(of({ 'argocd.argoproj.io/instance': 'shop' })?.by).toBe('Argo CD')
    expect(of({ 'kustomize.toolkit.fluxcd.io/name': 'apps' })).toEqual({ by: 'Flux', name: 'apps' })
    expect(of({ 'helm.toolkit.fluxcd.io/name': 'shop', 'app.kubernetes.io/managed-by': 'Helm' })?.by).toBe('Flux')
    expect(of({ 'app.kubernetes.io/managed-by': 'Helm' })).toEqual({ by: 'Helm', name: '' })
    expect(of({}, { 'meta.helm.sh/release-name': 'shop' })).toEqual({ by: 'Helm', name: 'shop' })
    expect(of({ 'app.kubernetes.io/managed-by': 'meshdeck' })).toBeUndefined()
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Thing', name: 't', uid: 'u' }]
    expect(ownerOf({ metadata: { name: 'x', ownerReferences } })).toEqual({ by: 'controller', name: 'Thing t' })
  })
})

describe('the limits of a history', () => {
  const records = (name: string, count: number, from: number, deleted = false): KeptRecord[] =>
    Array.from({ length: count }, (_, at) => ({
      id: `${name}${at + 1}`,
      number: at + 1,
      noticedAt: new Date(from + at * 1_000).toISOString(),
      deletes: deleted && at === count - 1,
    }))
  const prune = (objects: KeptRecord[][], limits: Partial<typeof DEFAULT_HISTORY_LIMITS>): string[] =>
    recordsToPrune(objects, { ...DEFAULT_HISTORY_LIMITS, ...limits }).map(({ id }) => id)

  it('let the oldest of one object go first', () => {
    expect(prune([records('a', 4, 0), records('b', 1, 0)], { perObject: 2 })).toEqual(['a1', 'a2'])
  })

  it('let the oldest of all go, and never how an object is now', () => {
    const objects = [records('a', 3, 0), records('b', 3, 500), records('c', 1, 0)]
    expect(prune(objects, { total: 4 })).toEqual(['a1', 'b1', 'a2'])
    expect(prune(objects, { total: 1 })).toEqual(['a1', 'b1', 'a2', 'b2'])
  })

  it('let what is deleted go when nothing else is left to', () => {
    expect(prune([records('a', 2, 9_000), records('b', 2, 0, true)], { total: 1 })).toEqual(['b1', 'a1', 'b2'])
  })

  it('are the widest of the meshes that share a cluster', () => {
    expect(widestLimits([])).toEqual(DEFAULT_HISTORY_LIMITS)
    expect(
      widestLimits([
        { perObject: 3, total: 20 },
        { perObject: 5, total: 10, maxBytes: 2_000 },
      ]),
    ).toEqual({
      perObject: 5,
      total: 20,
      maxBytes: DEFAULT_HISTORY_LIMITS.maxBytes,
    })
  })
})

describe('the kinds that are recorded', () => {
  it('are configuration, and never Secrets', () => {
    expect(RECORDED_KINDS).toContain('VirtualService')
    expect(RECORDED_KINDS).toContain('HTTPRoute')
    expect(RECORDED_KINDS).not.toContain('Secret')
    expect(RECORDED_KINDS).not.toContain('Istio')
  })
})
