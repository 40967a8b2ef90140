/** Traffic swells and ebbs: by the day, by the quarter of an hour, and a little all the time. Periods in seconds. */
const WAVES: readonly (readonly [period: number, height: number])[] = [
  [86_400, 0.25],
  [900, 0.1],
  [97, 0.06],
]

const KEPT = 10_000
const known = new Map<number, number>()

/**
 * How much a source of one per second has sent from the epoch until `seconds`: the integral of 1 + waves, so it only
 * grows, and it is known for any moment.
 */
export function volumeAt(seconds: number): number {
  let volume = known.get(seconds)
  if (volume !== undefined) return volume
  volume = seconds
  for (const [period, height] of WAVES) {
    const frequency = (2 * Math.PI) / period
    volume += (height / frequency) * (1 - Math.cos(frequency * seconds))
  }
  // Every series of a query asks for the same few moments.
  if (known.size >= KEPT) known.clear()
  known.set(seconds, volume)
  return volume
}
