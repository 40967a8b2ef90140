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

interface Described {
  name: string
  /** What is measured and how, in a sentence. */
  what: string
}

/** On the lab, in a world of its own. */
export interface LabMeasurement extends Described {
  run: (world: World) => Promise<Figure[]>
}

/** With what it starts by itself. */
export interface Measurement extends Described {
  run: () => Promise<Figure[]>
}
