import { describe, expect, it } from 'vitest'
import { fitCamera, pan, reveal, zoomAt, type Camera } from './camera.ts'
import { detailAt, sameDetail } from './detail.ts'

const SCREEN = { width: 1000, height: 600 }
const toScreen = ({ x, y, scale }: Camera, point: { x: number; y: number }) => ({
  x: point.x * scale + x,
  y: point.y * scale + y,
})

describe('camera', () => {
  it('fits an area into the middle of the screen', () => {
    const camera = fitCamera({ x: 100, y: -50, width: 4000, height: 400 }, SCREEN)
    expect(toScreen(camera, { x: 2100, y: 150 })).toEqual({ x: 500, y: 300 })
    expect(toScreen(camera, { x: 100, y: -50 }).x).toBeGreaterThan(0)
  })

  it('does not blow up a small graph', () => {
    expect(fitCamera({ x: 0, y: 0, width: 10, height: 10 }, SCREEN).scale).toBe(1.25)
  })

  it('keeps what is under the pointer there', () => {
    const camera = { x: 30, y: 40, scale: 0.5 }
    const point = { x: (200 - 30) / 0.5, y: (100 - 40) / 0.5 }
    const zoomed = zoomAt(camera, 1.7, 200, 100)
    expect(toScreen(zoomed, point).x).toBeCloseTo(200)
    expect(toScreen(zoomed, point).y).toBeCloseTo(100)
    expect(zoomAt(camera, 1e9, 0, 0).scale).toBe(3)
  })

  it('moves only as far as needed to show a point', () => {
    const camera = { x: 0, y: 0, scale: 1 }
    expect(reveal(camera, { x: 500, y: 300 }, SCREEN)).toBe(camera)
    expect(reveal(camera, { x: 1100, y: 300 }, SCREEN)).toEqual(pan(camera, -180, 0))
    expect(reveal(camera, { x: 500, y: -20 }, SCREEN)).toEqual(pan(camera, 0, 100))
  })
})

describe('detailAt', () => {
  it('shows more the nearer one looks', () => {
    expect(detailAt(1)).toMatchObject({ arrows: true, nodeLabels: true, edgeLabels: true, titleScale: 1 })
    expect(detailAt(0.4)).toMatchObject({ arrows: true, nodeLabels: true, edgeLabels: false })
    expect(detailAt(0.05)).toMatchObject({ arrows: false, glyphs: false, nodeLabels: false, edgeLabels: false })
  })

  it('keeps titles of about one size on the screen', () => {
    for (const scale of [0.9, 0.4, 0.2, 0.1]) {
      const shown = detailAt(scale).titleScale * scale
      expect(shown).toBeGreaterThan(0.4)
      expect(shown).toBeLessThanOrEqual(1)
    }
  })

  it('keeps names of nodes large enough to be read, as long as there are any', () => {
    for (const scale of [1, 0.79, 0.61, 0.59, 0.4]) expect(detailAt(scale).nameScale * scale).toBeGreaterThan(0.75)
    expect(detailAt(0.29).nodeLabels).toBe(false)
  })

  it('changes in steps, not with every pixel', () => {
    expect(sameDetail(detailAt(0.9), detailAt(0.95))).toBe(true)
    expect(sameDetail(detailAt(0.9), detailAt(0.3))).toBe(false)
  })
})
