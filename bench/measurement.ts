import type { World } from './world.ts'

/** One line of a result. */
export interface Figure {
  what: string
  value: number
  unit: 'ms' | 'KB' | 'MB' | '×' | ''
  /** Smallest and largest of the series behind the value; absent for what is counted, not timed. */
  range?: readonly [number, number]
  /** What it should not exceed, for those who read; nothing fails by it. */
  aim?: number
}

export interface Measurement {
  name: string
  /** What is measured and how, in a sentence. */
  what: string
  run: (world: World) => Promise<Figure[]>
}
