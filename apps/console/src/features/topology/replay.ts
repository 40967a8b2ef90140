/** Spans of time that the time line may cover, in seconds, with the step from one moment to the next. */
export const SPANS = [
  { span: 3600, step: 60 },
  { span: 21_600, step: 300 },
  { span: 86_400, step: 900 },
] as const

export interface TimeRange {
  /** Unix seconds; both are multiples of the step, so that those who look at the same time share answers. */
  from: number
  to: number
  step: number
}

/** What the time line covers: up to the present, or around an instant that lies before all that. */
export function timeRange(span: number, at: number, now: number): TimeRange {
  const { step } = SPANS.find((each) => each.span === span) ?? SPANS[0]
  const to = alignTo(now, step)
  if (at === 0 || at >= to - span) return { from: to - span, to, step }
  const middle = alignTo(at, step)
  return { from: middle - alignTo(span / 2, step), to: middle + alignTo(span / 2, step), step }
}

/** The moment that follows another one in a replay: the first when it follows the present, none after the last. */
export function nextMoment(at: number, { from, to, step }: TimeRange): number | undefined {
  if (at === 0) return from
  const next = alignTo(at, step) + step
  return next <= to ? next : undefined
}

const alignTo = (value: number, step: number): number => Math.floor(value / step) * step
