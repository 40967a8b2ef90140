import type { ThemeConfig } from 'antd'
import darkAlgorithm from 'antd/es/theme/themes/dark'
import defaultAlgorithm from 'antd/es/theme/themes/default'

export type Mode = 'light' | 'dark'

/** Every colour of the console, in both themes. Components take them from antd's tokens or from `--md-*`; nothing else may name a colour. */
export interface Palette {
  primary: string
  primaryHover: string
  primaryActive: string
  focus: string
  link: string
  selected: string
  topBar: string
  topBarText: string
  topBarMuted: string
  topBarField: string
  sideNav: string
  sideHover: string
  content: string
  surface: string
  raised: string
  head: string
  heading: string
  text: string
  textSecondary: string
  textMuted: string
  textDisabled: string
  divider: string
  control: string
  success: string
  warning: string
  error: string
  info: string
  unknown: string
  successText: string
  warningText: string
  errorText: string
  infoText: string
  successSurface: string
  warningSurface: string
  errorSurface: string
  infoSurface: string
  added: string
  removed: string
}

export const palettes: Record<Mode, Palette> = {
  light: {
    primary: '#226BDB',
    primaryHover: '#4E89E4',
    primaryActive: '#1B56B1',
    focus: '#1E9CE8',
    link: '#1F63CC',
    selected: '#E6EFFC',
    topBar: '#33363B',
    topBarText: '#EAEEF5',
    topBarMuted: '#B6C2D2',
    topBarField: '#4A4E56',
    sideNav: '#F6F8FB',
    sideHover: '#EAEEF5',
    content: '#F1F3F6',
    surface: '#FFFFFF',
    raised: '#F8FAFC',
    head: '#F7F8FA',
    heading: '#203548',
    text: '#333333',
    textSecondary: '#5C5F66',
    // DCE's #999 reaches 2.8 : 1 on white; this is the lightest grey that is still AA on the content background.
    textMuted: '#6B6F76',
    textDisabled: '#AEB4BD',
    divider: '#E4E7ED',
    control: '#CBCFD8',
    success: '#2CC76A',
    warning: '#F4B434',
    error: '#E84F4F',
    info: '#1E9CE8',
    unknown: '#A3ABB8',
    successText: '#147A3D',
    warningText: '#855600',
    errorText: '#C62F2F',
    infoText: '#0B69A3',
    successSurface: '#E7F8EE',
    warningSurface: '#FFF7E5',
    errorSurface: '#FDEDED',
    infoSurface: '#E9F5FD',
    added: '#E6F6E7',
    removed: '#FDECEC',
  },
  dark: {
    primary: '#226BDB',
    primaryHover: '#3A7CE0',
    primaryActive: '#1B56B1',
    focus: '#4DB5F2',
    link: '#79ADF7',
    selected: '#1D3558',
    topBar: '#1B1D21',
    topBarText: '#EAEEF5',
    topBarMuted: '#A7B2C2',
    topBarField: '#33363B',
    sideNav: '#1B1E24',
    sideHover: '#282C34',
    content: '#14161A',
    surface: '#1F2229',
    raised: '#252932',
    head: '#272B34',
    heading: '#E6EBF2',
    text: '#DDE1E8',
    textSecondary: '#AEB5C0',
    textMuted: '#969EAB',
    textDisabled: '#5E6570',
    divider: '#343A45',
    control: '#4A515E',
    success: '#2CC76A',
    warning: '#F4B434',
    error: '#EC6060',
    info: '#3FAAEC',
    unknown: '#7E8795',
    successText: '#5BD58B',
    warningText: '#F4C25C',
    errorText: '#FF8F8F',
    infoText: '#6CC0F3',
    successSurface: '#173325',
    warningSurface: '#37301C',
    errorSurface: '#3C2226',
    infoSurface: '#172F40',
    added: '#19382A',
    removed: '#45262A',
  },
}

const FONT =
  'Roboto, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, Arial, sans-serif'
const MONO = '"JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'

/** Names of the colours as CSS variables, for style sheets of our own: `--md-top-bar`. */
export function cssVariables(mode: Mode): Record<`--md-${string}`, string> {
  const colours = Object.entries(palettes[mode]).map(([name, value]): [string, string] => [
    `--md-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ])
  return Object.fromEntries([...colours, ['--md-font', FONT], ['--md-mono', MONO]])
}

/** The palette as antd's theme. Sizes are in px throughout: host pages set `html{font-size:10px}`. */
export function antdTheme(mode: Mode): ThemeConfig {
  const it = palettes[mode]
  return {
    algorithm: mode === 'dark' ? darkAlgorithm : defaultAlgorithm,
    token: {
      colorPrimary: it.primary,
      colorPrimaryHover: it.primaryHover,
      colorPrimaryActive: it.primaryActive,
      colorPrimaryBg: it.selected,
      colorPrimaryText: it.link,
      colorInfo: it.info,
      colorSuccess: it.success,
      colorWarning: it.warning,
      colorError: it.error,
      colorSuccessText: it.successText,
      colorWarningText: it.warningText,
      colorErrorText: it.errorText,
      colorInfoText: it.infoText,
      colorSuccessBg: it.successSurface,
      colorWarningBg: it.warningSurface,
      colorErrorBg: it.errorSurface,
      colorInfoBg: it.infoSurface,
      colorLink: it.link,
      colorLinkHover: it.focus,
      colorLinkActive: it.primaryActive,
      colorText: it.text,
      colorTextSecondary: it.textSecondary,
      colorTextTertiary: it.textMuted,
      colorTextQuaternary: it.textDisabled,
      colorTextDescription: it.textMuted,
      colorTextPlaceholder: it.textMuted,
      colorTextHeading: it.heading,
      colorBgLayout: it.content,
      colorBgContainer: it.surface,
      colorBgElevated: mode === 'dark' ? it.raised : it.surface,
      colorBorder: it.control,
      colorBorderSecondary: it.divider,
      colorSplit: it.divider,
      fontFamily: FONT,
      fontFamilyCode: MONO,
      fontSize: 13,
      controlHeight: 30,
      controlHeightSM: 26,
      borderRadius: 6,
      borderRadiusLG: 10,
      borderRadiusSM: 4,
      controlOutlineWidth: 2,
      wireframe: false,
    },
    components: {
      Table: {
        headerBg: it.head,
        headerColor: it.textSecondary,
        cellPaddingBlock: 11,
        cellPaddingInline: 14,
        rowHoverBg: it.raised,
        headerBorderRadius: 0,
      },
      // The dark algorithm's own track cannot be told from the ground.
      Slider: { trackBg: it.primary, trackHoverBg: it.primaryHover, handleColor: it.primary, railBg: it.divider },
      Card: { headerBg: it.raised, headerHeight: 46, bodyPadding: 18 },
      Menu: { itemBg: 'transparent', itemHeight: 34 },
      Tabs: { horizontalItemGutter: 32, itemSelectedColor: it.link, itemHoverColor: it.link },
      Tag: { defaultBg: it.content, defaultColor: it.text },
      // Text in the plain error colour would be 3.6 : 1.
      Button: { fontWeight: 400, primaryShadow: 'none', defaultShadow: 'none', colorError: it.errorText },
      Alert: { withDescriptionPadding: '12px 16px' },
    },
  }
}

/** Pairs of foreground and background that stand on each other somewhere, with the contrast WCAG asks of them (AA: 4.5 for text, 3 for signs). */
export const CONTRAST_PAIRS: readonly [
  foreground: keyof Palette | '#FFFFFF',
  background: keyof Palette,
  minimum: number,
][] = [
  ...(['surface', 'raised', 'head', 'content', 'sideNav'] as const).flatMap((ground) =>
    (['text', 'textSecondary', 'textMuted', 'heading', 'link'] as const).map(
      (text): [keyof Palette, keyof Palette, number] => [text, ground, 4.5],
    ),
  ),
  ['link', 'selected', 4.5],
  ['text', 'selected', 4.5],
  ['text', 'sideHover', 4.5],
  ['topBarText', 'topBar', 4.5],
  ['topBarMuted', 'topBar', 4.5],
  ['topBarText', 'topBarField', 4.5],
  ['#FFFFFF', 'primary', 4.5],
  ['#FFFFFF', 'primaryActive', 4.5],
  ['text', 'added', 4.5],
  ['text', 'removed', 4.5],
  ['focus', 'surface', 3],
  ...(['success', 'warning', 'error', 'info'] as const).flatMap((status): [keyof Palette, keyof Palette, number][] => [
    [`${status}Text`, 'surface', 4.5],
    [`${status}Text`, 'content', 4.5],
    [`${status}Text`, `${status}Surface`, 4.5],
    ['text', `${status}Surface`, 4.5],
  ]),
]

/** Contrast ratio of two `#RRGGBB` colours, 1 to 21. Source: WCAG 2.2, relative luminance. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
