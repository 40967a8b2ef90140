import theme from 'antd/es/theme'
import { describe, expect, it } from 'vitest'
import { chartColours } from './chart-colours.ts'

describe('chartColours', () => {
  it('takes every colour from the tokens', () => {
    const token = {
      ...theme.getDesignToken(),
      colorBgContainer: '#101010',
      colorSuccess: '#00AA00',
      colorErrorText: '#FF8888',
      fontFamily: 'Test',
    }
    const colours = chartColours(token)
    expect(colours).toMatchObject({ surface: '#101010', success: '#00AA00', errorText: '#FF8888', font: 'Test' })
    expect(Object.entries(colours).filter(([, value]) => value === undefined || value === '')).toEqual([])
  })

  it('follows the theme', () => {
    const light = chartColours(theme.getDesignToken())
    const dark = chartColours(theme.getDesignToken({ algorithm: theme.darkAlgorithm }))
    expect(dark.surface).not.toBe(light.surface)
    expect(dark.text).not.toBe(light.text)
  })
})
