import { isRecord } from '@meshdeck/kube'

/**
 * Readers of configuration that nobody has promised the shape of: what is not as expected counts as absent, and never
 * stops an analysis.
 */
export type Fields = Readonly<Record<string, unknown>>

export const fields = (value: unknown): Fields => (isRecord(value) ? value : {})
export const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
/** Elements of a list that are objects, with their places. */
export const entries = (value: unknown): { at: number; value: Fields }[] =>
  items(value).map((each, at) => ({ at, value: fields(each) }))
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
export const texts = (value: unknown): string[] => items(value).filter((each) => typeof each === 'string')
export const number = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}
export const isEmpty = (value: unknown): boolean => Object.keys(fields(value)).length === 0
/** A map of texts, such as labels. */
export const labelsIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(fields(value)).map(([key, each]) => [key, String(each)]))
