import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatLocale } from './i18n.ts'

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Printers of dates, numbers and units in one language. A missing value is an en dash, never zero. */
export function createFormat(locale: string) {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 })
  const compact = new Intl.NumberFormat(locale === 'zh-CN' ? 'en-US' : locale, {
    notation: 'compact',
    maximumFractionDigits: 1,
  })
  const significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const fine = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 3 })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const or = (value: number | undefined, print: (value: number) => string): string =>
    value === undefined || Number.isNaN(value) ? '–' : print(value)
  const when = (at: string | number | Date, print: (ms: number) => string) => or(new Date(at).getTime(), print)

  return {
    number: (value: number | undefined) => or(value, (it) => number.format(it)),
    /** 12.4K: for figures that are read at a glance. */
    compact: (value: number | undefined) => or(value, (it) => compact.format(it)),
    /** A share from 0 to 1. */
    percent: (share: number | undefined) => or(share, (it) => percent.format(it)),
    /** A share that is close to 1, where a tenth of a percent says too little. */
    share: (share: number | undefined) => or(share, (it) => fine.format(it)),
    /** Requests per second; three significant digits below a thousand. */
    rate: (perSecond: number | undefined) =>
      or(perSecond, (it) => (it >= 1000 ? compact.format(it) : significant.format(it))),
    /** Milliseconds below a second, seconds above. */
    duration: (ms: number | undefined) =>
      or(ms, (it) => (it < 999.5 ? `${significant.format(it)} ms` : `${significant.format(it / 1000)} s`)),
    /** Bytes in steps of 1,000, as SI says. */
    bytes: (bytes: number | undefined) =>
      or(bytes, (it) => {
        const step = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, it * 1.0005)) / 3)))
        return `${significant.format(it / 1000 ** step)} ${BYTE_UNITS[step] ?? 'B'}`
      }),
    dateTime: (at: string | number | Date) => when(at, (it) => dateTime.format(it)),
    /** Hours and minutes. */
    time: (at: string | number | Date) => when(at, (it) => time.format(it)),
    /** Month and day. */
    day: (at: string | number | Date) => when(at, (it) => day.format(it)),
    /** `3 minutes ago`, counted from `now`. */
    relative: (at: string | number | Date, now: number = Date.now()) =>
      when(at, (it) => {
        const seconds = (it - now) / 1000
        const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
        return relative.format(Math.trunc(seconds / size), unit)
      }),
    list: (items: readonly string[]) => list.format(items),
  }
}
export type Format = ReturnType<typeof createFormat>

/** Printers in the language in force. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  return useMemo(() => createFormat(formatLocale(i18n.language)), [i18n.language])
}
