import { Type } from 'typebox'

/** In an answer that is made of metrics. */
export const Recorded = Type.Optional(
  Type.Boolean({
    description: 'Recording rules were asked in place of the series of the proxies, of one Prometheus at least.',
  }),
)
