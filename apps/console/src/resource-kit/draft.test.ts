import { printFieldPath } from '@meshdeck/mesh'
import { describe, expect, it } from 'vitest'
import { alignKeys, comparable, lineOf, parseFieldPath, readDraft, toEditableYaml, toWritable } from './draft.ts'

const TEXT = `# mine
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: shop
spec:
  hosts: [web]
  http:
    - timeout: 5s
`
const FRAME = { kind: 'VirtualService', namespace: 'shop', name: 'web' } as const
const codes = (text: string) => readDraft(text, FRAME).problems.map(({ code, line }) => [code, line])

describe('readDraft', () => {
  it('reads an object', () => {
    const draft = readDraft(TEXT, FRAME)
    expect(draft.problems).toEqual([])
    expect(draft.value?.metadata.name).toBe('web')
  })

  it('names line and cause of broken YAML, and does not throw', () => {
    const [problem] = readDraft(TEXT.replace('hosts: [web]', 'hosts: [web'), FRAME).problems
    expect(problem?.code).toBe('syntax')
    expect(problem?.line).toBeGreaterThanOrEqual(8)
    expect(problem?.values['message']).not.toMatch(/at line/)
    expect(codes('a: *nowhere')).toEqual([['syntax', undefined]])
  })

  it('refuses what is no object, nothing, or several', () => {
    expect(codes('')).toEqual([['empty', 1]])
    expect(codes('- a')).toEqual([['notAnObject', 1]])
    expect(codes('metadata: text')).toEqual([['notAnObject', 1]])
    expect(codes(`${TEXT}---\n${TEXT}`)).toEqual([['several', undefined]])
  })

  it('holds on to the object that was opened: kind, namespace and name', () => {
    expect(codes(TEXT.replace('kind: VirtualService', 'kind: Gateway'))).toEqual([['kind', 3]])
    expect(codes(TEXT.replace('networking.istio.io/v1', 'networking.istio.io/v1beta1'))).toEqual([['kind', 2]])
    expect(codes(TEXT.replace('networking.istio.io/v1', 'example.org/v1'))).toEqual([['kind', 3]])
    expect(codes(TEXT.replace('namespace: shop', 'namespace: other'))).toEqual([['namespace', 6]])
    expect(codes(TEXT.replace('name: web', 'name: other'))).toEqual([['name', 5]])
    expect(codes(TEXT.replace('  namespace: shop\n', ''))).toEqual([['noNamespace', 5]])
  })

  it('lets a new object have any name, but wants one', () => {
    const fresh = { kind: 'VirtualService' } as const
    expect(readDraft(TEXT, fresh).problems).toEqual([])
    expect(readDraft(TEXT.replace('name: web', 'name: ""'), fresh).problems).toEqual([
      { code: 'noName', line: 5, values: {} },
    ])
  })
})

describe('what is shown and what is sent', () => {
  const stored = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '7',
      generation: 2,
      managedFields: [{}],
      unheardOf: 1,
    },
    spec: { unheardOf: 2 },
    status: { seen: true },
  }

  it('hides what the server writes, and keeps what nobody has heard of', () => {
    expect(comparable(stored)).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'web', namespace: 'shop', unheardOf: 1 },
      spec: { unheardOf: 2 },
    })
    expect(toEditableYaml(stored)).not.toMatch(/resourceVersion|status/)
  })

  it('sends the version that the draft is based on, and the server’s status', () => {
    const sent = toWritable({ ...comparable(stored), spec: { mine: 1 } }, stored)
    expect(sent).toMatchObject({
      metadata: { resourceVersion: '7', uid: 'u', unheardOf: 1 },
      spec: { mine: 1 },
      status: { seen: true },
    })
    expect(sent.metadata).not.toHaveProperty('managedFields')
  })

  it('orders keys as the other side has them', () => {
    expect(JSON.stringify(alignKeys({ b: [{ y: 1, x: 2 }], a: 1, c: 3 }, { a: 0, b: [{ x: 0, y: 0 }] }))).toBe(
      '{"a":1,"b":[{"x":2,"y":1}],"c":3}',
    )
  })
})

describe('fields that a server names', () => {
  it('are split into steps', () => {
    expect(parseFieldPath('spec.http[0].match[12].headers["x.y"].exact')).toEqual([
      'spec',
      'http',
      0,
      'match',
      12,
      'headers',
      'x.y',
      'exact',
    ])
    expect(parseFieldPath('metadata.annotations[example.org/a]')).toEqual(['metadata', 'annotations', 'example.org/a'])
  })

  it('are found in the text', () => {
    const { document } = readDraft(TEXT, FRAME)
    expect(lineOf(TEXT, document, parseFieldPath('spec.http[0].timeout'))).toBe(10)
    // What is not there would stand in what is.
    const http = lineOf(TEXT, document, parseFieldPath('spec.http'))
    expect(lineOf(TEXT, document, parseFieldPath('spec.http[3].timeout'))).toBe(http)
    expect(lineOf(TEXT, document, parseFieldPath('unheard'))).toBeUndefined()
  })
})

describe('parseFieldPath', () => {
  it('reads back what printFieldPath writes', () => {
    for (const path of [
      ['spec', 'http', 0, 'timeout'],
      ['metadata', 'annotations', 'example.org/x.y'],
      ['spec', 'http', 1, 'match', 0, 'headers', 'x-a'],
    ]) {
      expect(parseFieldPath(printFieldPath(path))).toEqual(path)
    }
  })
})
