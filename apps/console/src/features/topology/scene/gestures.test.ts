// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listenForGestures } from './gestures.ts'

const ground = document.createElement('div')
/** What ECharts listens on lies within. */
const canvas = document.createElement('canvas')
ground.append(canvas)
document.body.append(ground)

const handlers = { onPan: vi.fn(), onZoom: vi.fn() }
const pointed = vi.fn()
canvas.addEventListener('mousemove', pointed)
let stop = listenForGestures(ground, handlers)

afterEach(() => {
  stop()
  vi.clearAllMocks()
  stop = listenForGestures(ground, handlers)
})

const pointer = (type: string, x: number, y: number): boolean =>
  canvas.dispatchEvent(
    new PointerEvent(type, { pointerId: 1, button: 0, clientX: x, clientY: y, bubbles: true, cancelable: true }),
  )
function move(x: number, y: number): void {
  pointer('pointermove', x, y)
  canvas.dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y, bubbles: true }))
}

describe('listenForGestures', () => {
  it('pans with the pointer that is held, and only then', () => {
    move(5, 5)
    pointer('pointerdown', 10, 10)
    move(13, 6)
    pointer('pointerup', 13, 6)
    move(20, 20)
    expect(handlers.onPan.mock.calls).toEqual([[3, -4]])
  })

  it('does not let the chart look for what is under a pointer that drags', () => {
    move(5, 5)
    expect(pointed).toHaveBeenCalledTimes(1)
    pointer('pointerdown', 10, 10)
    move(13, 6)
    expect(pointed).toHaveBeenCalledTimes(1)
    pointer('pointerup', 13, 6)
    move(20, 20)
    expect(pointed).toHaveBeenCalledTimes(2)
  })
})
