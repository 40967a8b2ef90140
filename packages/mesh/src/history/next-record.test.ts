import type { KubeResource, ResourceRef } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'
import { isConfiguration, withState } from './configured-state.ts'
import { nextRecord, type Known, type RecordTools, type Sighting } from './next-record.ts'
import { readRevision, toRevision, type HistoryRecord } from './record.ts'

const ref: ResourceRef = { cluster: 'east', kind: 'VirtualService', namespace: 'shop', name: 'cart' }
const tools: RecordTools = {
  digest: (text) => text,
  idOf: (of, number) => `${of.name}-${number}`,
  sizeOf: (text) => text.length,
  limits: { maxBytes: 2_000 },
}

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString()

interface Written {
  spec?: object
  manager?: string
  second?: number
  annotations?: Record<string, string>
  uid?: string
}

function object({
  spec = { hosts: ['cart'] },
  manager = 'kubectl-edit',
  second = 0,
  annotations,
  uid = 'u1',
}: Written = {}) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'cart',
      namespace: 'shop',
      uid,
      creationTimestamp: at(0),
      resourceVersion: String(second),
      generation: second,
      ...(annotations ? { annotations } : {}),
      managedFields: [
        { manager, operation: 'Update', time: at(second), fieldsV1: {} },
        { manager: 'pilot-discovery', operation: 'Update', time: at(second + 40), subresource: 'status' },
      ],
    },
    spec,
    status: { observed: second },
  } satisfies KubeResource
}

function see(
  seen: KubeResource | undefined,
  known?: HistoryRecord,
  more: Partial<Sighting> = {},
): HistoryRecord | undefined {
  const sighting = { ref, object: seen, noticedAt: at(30), listed: false, beginning: undefined, ...more }
  return nextRecord(sighting, known && ({ last: known, state: known.object } satisfies Known), tools)
}

function must(record: HistoryRecord | undefined): HistoryRecord {
  if (record === undefined) throw new Error('nothing was recorded')
  return record
}

describe('the next entry of a history', () => {
  const first = must(see(object(), undefined, { listed: true }))

  it('begins with how an object was, which is nobody’s change', () => {
    expect(first).toMatchObject({ operation: 'baseline', number: 1, author: { tool: 'unknown' }, fieldCount: 0 })
    expect(first.object).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { hosts: ['cart'] },
    })
  })

  it('is not made by what the server writes, by status, or by kubectl’s own copy', () => {
    const again = object({ second: 9, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } })
    expect(see(again, first)).toBeUndefined()
  })

  it('names the fields, the tool and the time of a change', () => {
    const changed = must(see(object({ spec: { hosts: ['cart', 'basket'] }, second: 20 }), first))
    expect(changed).toMatchObject({
      operation: 'changed',
      number: 2,
      at: at(20),
      late: false,
      fields: ['spec.hosts[1]'],
      author: { tool: 'kubectl', manager: 'kubectl-edit' },
    })
  })

  it('says of what was made while nobody looked when it was noticed', () => {
    const changed = must(see(object({ spec: { hosts: ['x'] }, second: 5 }), first, { listed: true }))
    expect(changed).toMatchObject({ late: true, at: at(5), noticedAt: at(30) })
    const created = must(see(object({}), undefined, { listed: true, beginning: new Date(0).toISOString() }))
    expect(created).toMatchObject({ operation: 'created', late: true, at: at(0) })
  })

  it('does not guess who removed a field, since the server notes only who sets one', () => {
    const seen = { ...object({ second: 0 }), spec: {} }
    expect(must(see(seen, first)).author).toEqual({ tool: 'unknown' })
  })

  it('keeps the last state of what is deleted, by whom nobody knows, and begins anew with what comes after', () => {
    const deleted = must(see(undefined, first))
    expect(deleted).toMatchObject({
      operation: 'deleted',
      deletes: true,
      author: { tool: 'unknown' },
      object: first.object,
    })
    expect(see(undefined, deleted)).toBeUndefined()
    expect(see(undefined)).toBeUndefined()
    expect(must(see(object({ uid: 'u2' }), deleted))).toMatchObject({ operation: 'created', number: 3 })
  })

  it('tells an object that was deleted and made again from one that stayed', () => {
    expect(must(see(object({ uid: 'u2' }), first)).operation).toBe('created')
  })

  it('takes a reason from the console, and from others only when it is new', () => {
    const reason = { 'meshdeck.io/change-reason': 'more hosts' }
    const byConsole = object({ spec: { a: 1 }, manager: 'meshdeck:alice', second: 20, annotations: reason })
    const second = must(see(byConsole, first))
    expect(second).toMatchObject({ reason: 'more hosts', author: { tool: 'console', user: 'alice' } })
    expect(second.object?.metadata).not.toHaveProperty('annotations')
    const third = must(see(object({ spec: { a: 2 }, second: 22, annotations: reason }), second))
    expect(third.reason).toBeUndefined()
    // An old reason stays an old reason, however many changes come after it.
    expect(must(see(object({ spec: { a: 3 }, second: 24, annotations: reason }), third)).reason).toBeUndefined()
  })

  it('keeps of what is too large that it changed, and how large it was', () => {
    const large = must(see(object({ spec: { text: 'x'.repeat(3_000) } }), first))
    expect(large.object).toBeUndefined()
    expect(large.omittedBytes).toBeGreaterThan(3_000)
    expect(see(object({ spec: { text: 'x'.repeat(3_000) } }), large)).toBeUndefined()
  })

  it('is read back from the hub as it was written', () => {
    const record = must(see(object({ spec: { hosts: ['y'] }, second: 20 }), first))
    expect(readRevision(JSON.parse(JSON.stringify(toRevision(record))))).toEqual(record)
    expect(readRevision({ ...toRevision(record), data: { kind: 'Secret' } })).toBeUndefined()
  })
})

describe('a state that is restored', () => {
  it('replaces all that people write, and leaves what the server keeps', () => {
    const live = object({ spec: { hosts: ['now'] }, annotations: { team: 'a', 'meshdeck.io/change-reason': 'old' } })
    const state = { ...first(), metadata: { name: 'cart', namespace: 'shop', labels: { app: 'cart' } } }
    const restored = withState(state, live)
    expect(restored).toMatchObject({ spec: { hosts: ['cart'] }, metadata: { uid: 'u1', labels: { app: 'cart' } } })
    expect(restored.metadata.annotations).toBeUndefined()
    expect(withState(state, undefined)).toBe(state)
  })

  function first(): KubeResource {
    const { object: state } = must(see(object(), undefined, { listed: true }))
    if (state === undefined) throw new Error('no state')
    return state
  }
})

describe('what is configuration', () => {
  it('is not what istiod makes for machines that come and go', () => {
    expect(isConfiguration(object())).toBe(true)
    expect(isConfiguration(object({ annotations: { 'istio.io/autoRegistrationGroup': 'vm' } }))).toBe(false)
  })
})

describe('who deleted an object, and why', () => {
  const first = (): HistoryRecord => {
    const record = see(object())
    if (record === undefined) throw new Error('nothing recorded')
    return record
  }
  const removed = (annotations: Record<string, string>, manager = 'meshdeck:alice', second = 29) =>
    object({ annotations, manager, second })

  it('is what the console wrote the moment before', () => {
    const mark = removed({ 'meshdeck.io/deletion-reason': 'not needed any more' })
    expect(see(undefined, first(), { removed: mark })).toMatchObject({
      operation: 'deleted',
      author: { tool: 'console', user: 'alice' },
      reason: 'not needed any more',
      object: { spec: { hosts: ['cart'] } },
    })
  })

  it('is who alone, where no reason was given', () => {
    const record = see(undefined, first(), { removed: removed({ 'meshdeck.io/deletion-reason': '' }) })
    expect([record?.author.user, record?.reason]).toEqual(['alice', undefined])
  })

  it('is not told by a mark of a deletion that failed long ago, nor by a reason of a change', () => {
    const old = removed({ 'meshdeck.io/deletion-reason': 'long ago' })
    const later = new Date(Date.parse(at(29)) + 61_000).toISOString()
    expect(see(undefined, first(), { removed: old, noticedAt: later })).toMatchObject({ author: { tool: 'unknown' } })
    const changed = removed({ 'meshdeck.io/change-reason': 'two hosts' })
    expect(see(undefined, first(), { removed: changed })?.reason).toBeUndefined()
  })

  it('is no change before the deletion, and no part of what is restored', () => {
    const mark = removed({ 'meshdeck.io/deletion-reason': 'gone' })
    expect(see(mark, first())).toBeUndefined()
    expect(withState(object(), mark).metadata.annotations).toBeUndefined()
  })
})
