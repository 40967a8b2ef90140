import type { GlobalToken } from 'antd/es/theme/interface'

/** Colours of everything that is drawn on a canvas, where style sheets do not reach. */
export interface ChartColours {
  /** Ground behind the drawing. */
  surface: string
  /** Ground of a box inside it. */
  raised: string
  border: string
  text: string
  textSecondary: string
  textMuted: string
  primary: string
  /** Lines and areas, by what they say. */
  success: string
  warning: string
  error: string
  info: string
  unknown: string
  /** Words on `surface`, by what they say. */
  successText: string
  warningText: string
  errorText: string
  /** Lines of a chart in their order. */
  series: readonly string[]
  font: string
}

/** The theme's colours for charts. Source: antd's tokens, which `app/theme.ts` sets. */
export function chartColours(token: GlobalToken): ChartColours {
  return {
    surface: token.colorBgContainer,
    raised: token.colorBgLayout,
    border: token.colorBorder,
    text: token.colorText,
    textSecondary: token.colorTextSecondary,
    textMuted: token.colorTextTertiary,
    primary: token.colorPrimary,
    success: token.colorSuccess,
    warning: token.colorWarning,
    error: token.colorError,
    info: token.colorInfo,
    unknown: token.colorTextTertiary,
    successText: token.colorSuccessText,
    warningText: token.colorWarningText,
    errorText: token.colorErrorText,
    series: [
      token.colorLink,
      token.colorWarning,
      token.colorError,
      token.colorSuccess,
      token.purple,
      token.cyan,
      token.magenta,
      token.lime,
      token.geekblue,
      token.volcano,
    ],
    font: token.fontFamily,
  }
}
