import type { Quantity } from './operands.ts'
import { ExpressionError, type Token } from './tokens.ts'

/** Units by what is counted; a share has to have its sign, since 1 could be all or a hundredth. */
const UNITS: Readonly<Record<Quantity, Readonly<Record<string, number>>>> = {
  rate: { '': 1, k: 1_000, m: 1_000_000 },
  share: { '%': 0.01 },
  duration: { '': 1, ms: 1, s: 1_000, min: 60_000 },
  bytes: { '': 1, b: 1, k: 1_000, kb: 1_000, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9, ki: 1_024, mi: 2 ** 20, gi: 2 ** 30 },
}

/** Reads a number with its unit: `1%`, `250ms`, `1.5s`, `10k`. Throws ExpressionError. */
export function parseQuantity({ text, at }: Token, quantity: Quantity): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?|\.\d+)([a-z%]*)$/i.exec(text) ?? []
  if (digits === undefined) throw new ExpressionError('not-a-number', at, text)
  const units = UNITS[quantity]
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined
  if (factor !== undefined) return Number(digits) * factor
  if (quantity === 'share' && unit === '') throw new ExpressionError('share-needs-percent', at + digits.length, text)
  throw new ExpressionError('wrong-unit', at + digits.length, unit)
}
