import { describe, expect, it } from 'vitest'
import { idsOf, inPieces } from './scene-option.ts'
import type { Element, Scene } from './scene-model.ts'

const elements = (name: string, count: number): Element[] =>
  Array.from({ length: count }, (_, index) => ({ id: `${name}${index}`, type: 'rect' }))

describe('inPieces', () => {
  const scene: Scene = { clusters: elements('c', 2), titles: [], edges: elements('e', 5), nodes: elements('n', 1) }

  it('keeps the order, and all there is', () => {
    const pieces = inPieces(scene, 3)
    expect(pieces.map(idsOf)).toEqual([
      ['c0', 'c1', 'e0'],
      ['e1', 'e2', 'e3'],
      ['e4', 'n0'],
    ])
  })

  it('makes empty layers with the first piece, where their order is decided', () => {
    expect(inPieces(scene, 3)[0]).toHaveProperty('titles', [])
  })

  it('is one piece when there is room, or nothing', () => {
    expect(inPieces(scene, 100)).toEqual([scene])
    expect(inPieces({}, 100)).toEqual([{}])
  })
})
