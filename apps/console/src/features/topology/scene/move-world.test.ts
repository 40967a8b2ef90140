import { init } from 'echarts/core'
import { afterEach, describe, expect, it } from 'vitest'
import '../../../charts/echarts-svg.ts'
import { moveWorld } from './move-world.ts'
import { patchOption, sceneOption } from './scene-option.ts'
import type { Element } from './scene-model.ts'

const box = (id: string): Element => ({ id, type: 'rect', shape: { x: 0, y: 0, width: 5, height: 5 } })
const chart = init(undefined, undefined, { renderer: 'svg', ssr: true, width: 100, height: 100 })

/** Where the elements are drawn, in the order of their drawing. */
const drawnAt = (): string[] =>
  [...chart.renderToSVGString().matchAll(/<path d="M0 0[^>]*transform="([^"]*)"/g)].map(
    ([, transform = '']) => transform,
  )

afterEach(() => chart.clear())

describe('moveWorld', () => {
  it('moves all that is drawn, and what is drawn or changed after it', () => {
    const [before, after] = [
      { x: 1, y: 2, scale: 1 },
      { x: 30, y: 40, scale: 2 },
    ]
    const moved = 'matrix(2,0,0,2,30,40)'
    chart.setOption(sceneOption({ nodes: [box('a'), box('b')] }, [], before))
    expect(drawnAt()).toEqual(['translate(1 2)', 'translate(1 2)'])
    moveWorld(chart, after)
    expect(drawnAt()).toEqual([moved, moved])
    chart.setOption(sceneOption({ nodes: [box('c')] }, ['a'], after))
    expect(drawnAt()).toEqual([moved, moved])
    chart.setOption(patchOption([{ ...box('b'), style: { lineWidth: 3 } }]))
    expect(drawnAt()).toEqual([moved, moved])
  })

  it('does nothing where nothing is drawn', () => {
    expect(() => moveWorld(chart, { x: 0, y: 0, scale: 1 })).not.toThrow()
  })
})
