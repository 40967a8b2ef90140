import { QUANTILES, REPORTERS, type Reporter } from '@meshdeck/mesh/monitoring'
import { param, printSearch, searchSchema } from '../../lib/search-params.ts'

export const RANGES = { '15m': 900, '1h': 3_600, '3h': 10_800, '12h': 43_200, '1d': 86_400, '7d': 604_800 } as const
export type RangeName = keyof typeof RANGES
export const RANGE_NAMES = ['15m', '1h', '3h', '12h', '1d', '7d'] as const satisfies readonly RangeName[]

/** Seconds; 0 is off. */
export const REFRESHES = [0, 5, 15, 30, 60, 300] as const

/** All of a dashboard's state; a copied address shows the same. */
export interface MonitoringSearch {
  range: RangeName
  /** Unix seconds; when both are set they count, and not the range. */
  from: number
  to: number
  /** Seconds; -1 is as the reader prefers it everywhere. */
  refresh: number
  cluster: string
  namespace: string
  /** The Service or workload that a dashboard is about. */
  name: string
  reporter: Reporter
  quantiles: string[]
  peers: string[]
  peerNamespaces: string[]
  revision: string
  /** Whether single traced requests are shown over the lines. */
  exemplars: boolean
  /** Sections that are open or closed against their habit. */
  turned: string[]
}

export const monitoringSearch = searchSchema<MonitoringSearch>({
  range: param.oneOf(RANGE_NAMES, '1h'),
  from: param.integer(0, 0),
  to: param.integer(0, 0),
  refresh: param.integer(-1, -1, 3_600),
  cluster: param.text(),
  namespace: param.text(),
  name: param.text(),
  reporter: param.oneOf(REPORTERS, 'source'),
  quantiles: { ...param.list(), fallback: ['0.5', '0.9', '0.99'], parse: parseQuantiles },
  peers: param.list(),
  peerNamespaces: param.list(),
  revision: param.text(),
  exemplars: param.flag(),
  turned: param.list(),
})

function parseQuantiles(text: string): string[] | undefined {
  const known = text.split(',').filter((each) => QUANTILES.some((quantile) => String(quantile) === each))
  return known.length === 0 ? undefined : known
}

/** Whether the time stands still. */
export const isPinned = ({ from, to }: Pick<MonitoringSearch, 'from' | 'to'>): boolean => from > 0 && to > from

/** What stays the same from one dashboard to the next: the time, the cluster, the quantiles, whether exemplars are shown. */
export function keptSearch(search: MonitoringSearch): Record<string, string> {
  const { range, from, to, refresh, cluster, quantiles, exemplars } = search
  const printed = printSearch(monitoringSearch, { range, from, to, refresh, cluster, quantiles, exemplars })
  return Object.fromEntries(
    Object.entries(printed).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
