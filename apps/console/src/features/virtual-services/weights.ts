/** What the weights of one route's destinations add up to when they are shares in percent. */
export const FULL_WEIGHT = 100

/** Sum of weights; one that is missing counts as zero, as in Istio. */
export const sumOfWeights = (weights: readonly (number | undefined)[]): number =>
  weights.reduce<number>((sum, weight) => sum + (weight ?? 0), 0)

/** Whole weights that add up to 100 and differ by at most one; the first take what is left over. */
export function evenWeights(count: number): number[] {
  const each = Math.floor(FULL_WEIGHT / count)
  return Array.from({ length: count }, (_, at) => each + (at < FULL_WEIGHT - each * count ? 1 : 0))
}
