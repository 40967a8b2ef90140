/** Amounts by name; few of each: going through a list is cheaper than a map for every edge. */
export type Amounts = { key: string; amount: number }[]

export function addAmount(amounts: Amounts, key: string, value: number): void {
  for (const each of amounts) {
    if (each.key !== key) continue
    each.amount += value
    return
  }
  amounts.push({ key, amount: value })
}

/**
 * Amounts as an object, in the order of their names. Names may be numbers such as 200 and 503; an object that is filled
 * as usual is then laid out as an array up to the largest, 2 to 6 KB for each, and one whose properties cannot be
 * changed is not.
 */
export function toRecord(amounts: Amounts): Readonly<Record<string, number>> {
  const record: Record<string, number> = {}
  const sorted = amounts.length < 2 ? amounts : amounts.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  for (const { key, amount } of sorted) {
    Object.defineProperty(record, key, { value: amount, enumerable: true, configurable: true })
  }
  return record
}
