/** The labels of a series, `__name__` among them. */
export type Labels = Readonly<Record<string, string>>

export interface Matcher {
  readonly name: string
  readonly op: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** Samples of one series in time order; the two arrays are equally long. */
export interface Samples {
  /** Milliseconds since the epoch. */
  readonly timestamps: readonly number[]
  readonly values: readonly number[]
}

export interface Series {
  readonly labels: Labels
  /** Samples from `fromMs` to `toMs`, both included. */
  samples(fromMs: number, toMs: number): Samples
}

/** Where a query's series come from. */
export interface SeriesSource {
  /**
   * Series that match all matchers and may have samples in the interval (both ends included). As in Prometheus a
   * missing label equals the empty one, and regular expressions are anchored.
   */
  select(matchers: readonly Matcher[], fromMs: number, toMs: number): readonly Series[]
}
