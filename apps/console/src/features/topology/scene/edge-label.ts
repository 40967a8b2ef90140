import type { TopologyEdge } from '@meshdeck/contract'
import type { Format } from '../../../lib/format.ts'
import { bytesRate } from '../graph-index.ts'
import { healthReasons } from '../health-reason.ts'

/** Words that labels are made of. */
export interface LabelWords {
  rps: string
  mtls: string
}

export type Lock = 'closed' | 'open' | undefined

/** What stands on an edge: how much, and what is wrong with it. */
export function edgeLabel(edge: TopologyEdge, format: Format, words: LabelWords): string {
  const tcp = edge.protocol === 'tcp'
  const parts = [tcp ? perSecond(format.bytes(bytesRate(edge))) : `${format.rate(edge.requestRate)} ${words.rps}`]
  if (edge.errorRate !== undefined && edge.errorRate > 0) parts.push(format.percent(edge.errorRate))
  if (healthReasons(edge).some(({ signal }) => signal === 'latencyMs')) parts.push(format.duration(edge.latencyMs))
  const share = edge.mtlsShare
  if (share !== undefined && share > 0 && share < 1) parts.push(`${format.percent(share)} ${words.mtls}`)
  return parts.join(' · ')
}

/** The lock of an edge: open as soon as something goes in plain text; none where nobody could tell. */
export function lockOf({ mtlsShare }: TopologyEdge): Lock {
  if (mtlsShare === undefined) return undefined
  return mtlsShare >= 1 ? 'closed' : 'open'
}

export const perSecond = (amount: string): string => `${amount}/s`

/** Rough width of a text on the canvas, where nothing can be measured before it is drawn. */
export function textWidth(text: string, size: number): number {
  let width = 0
  for (const letter of text) width += letter > '\u2E80' ? size : size * 0.56
  return width
}
