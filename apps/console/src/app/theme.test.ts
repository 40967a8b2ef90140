import { describe, expect, it } from 'vitest'
import { CONTRAST_PAIRS, contrast, palettes, type Mode, type Palette } from './theme.ts'

const colour = (mode: Mode, name: keyof Palette | '#FFFFFF'): string =>
  name === '#FFFFFF' ? name : palettes[mode][name]

describe('theme', () => {
  it('knows the contrast of black on white', () => {
    expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21)
  })

  it.each(['light', 'dark'] as const)('keeps WCAG AA in %s', (mode) => {
    const tooWeak = CONTRAST_PAIRS.map(([text, ground, minimum]) => ({
      pair: `${text} on ${ground}`,
      ratio: Number(contrast(colour(mode, text), colour(mode, ground)).toFixed(2)),
      minimum,
    })).filter(({ ratio, minimum }) => ratio < minimum)
    expect(tooWeak).toEqual([])
  })
})
