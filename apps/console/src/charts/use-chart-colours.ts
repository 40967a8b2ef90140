import theme from 'antd/es/theme'
import { useMemo } from 'react'
import { chartColours, type ChartColours } from './chart-colours.ts'

/** Colours for charts in the theme in force. */
export function useChartColours(): ChartColours {
  const { token } = theme.useToken()
  return useMemo(() => chartColours(token), [token])
}
