const QUANTITY = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:e([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/i
const UNITS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/**
 * The number behind a quantity of Kubernetes (`100m` is 0.1, `1Gi` 1,073,741,824); undefined for what is none.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number | undefined {
  const [, number, exponent, unit = ''] = QUANTITY.exec(text.trim()) ?? []
  if (number === undefined) return undefined
  if (exponent !== undefined) return Number(number) * 10 ** Number(exponent)
  const factor = unit === '' ? 1 : UNITS[unit]
  return factor === undefined ? undefined : Number(number) * factor
}
