import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'

/** Reads one search parameter from text and writes it back. What cannot be read becomes the fallback. */
export interface ParamCodec<T> {
  fallback: T
  parse: (text: string) => T | undefined
  print: (value: T) => string
}

/** The search parameters of a page, by name. */
export type SearchSchema<T> = { readonly [K in keyof T]: ParamCodec<T[K]> }

/** Makers of codecs. */
export const param = {
  text: (fallback = ''): ParamCodec<string> => ({ fallback, parse: (text) => text, print: (value) => value }),
  integer: (fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER): ParamCodec<number> => ({
    fallback,
    parse: (text) => (/^-?\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
    print: String,
  }),
  flag: (fallback = false): ParamCodec<boolean> => ({
    fallback,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
    print: String,
  }),
  oneOf: <const T extends string>(values: readonly T[], fallback: NoInfer<T>): ParamCodec<T> => ({
    fallback,
    parse: (text) => values.find((value) => value === text),
    print: (value) => value,
  }),
  /** Values separated by commas; the empty list when absent. */
  list: (): ParamCodec<string[]> => ({
    fallback: [],
    parse: (text) => text.split(',').filter((item) => item !== ''),
    print: (value) => value.join(','),
  }),
}

/** Keeps the types of a page's schema. */
export const searchSchema = <T extends object>(schema: SearchSchema<T>): SearchSchema<T> => schema

/** Reads a search by its schema. Never throws: links are typed by hand and shared. */
export function parseSearch<T extends object>(schema: SearchSchema<T>, raw: Record<string, unknown>): T {
  const entries = keysOf(schema).map((key) => {
    const text = raw[key]
    const value = typeof text === 'string' ? schema[key].parse(text) : undefined
    return [key, value ?? schema[key].fallback]
  })
  return Object.fromEntries(entries) as T
}

/** Writes values as search parameters; what equals its fallback becomes `undefined`, so that addresses stay short. */
export function printSearch<T extends object>(
  schema: SearchSchema<T>,
  values: Partial<T>,
): Record<string, string | undefined> {
  const printed: Record<string, string | undefined> = {}
  for (const key of keysOf(schema)) {
    const value = values[key]
    if (!(key in values)) continue
    const text = value === undefined ? undefined : schema[key].print(value)
    printed[key] = text === schema[key].print(schema[key].fallback) ? undefined : text
  }
  return printed
}

function keysOf<T extends object>(schema: SearchSchema<T>): (keyof T & string)[] {
  return Object.keys(schema) as (keyof T & string)[]
}

export type SetSearch<T> = (change: Partial<T>, options?: { replace?: boolean }) => void

/**
 * The page's state in the address, read by a schema that is declared outside of the component. A change merges into
 * what is there; parameters of other schemas on the same page stay.
 */
export function usePageSearch<T extends object>(schema: SearchSchema<T>): [T, SetSearch<T>] {
  const raw: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const values = useMemo(() => parseSearch(schema, raw), [schema, raw])
  const change = useCallback<SetSearch<T>>(
    (patch, options) => {
      void navigate({
        to: '.',
        search: (previous: Record<string, unknown>) => ({ ...previous, ...printSearch(schema, patch) }),
        replace: options?.replace ?? false,
      })
    },
    [navigate, schema],
  )
  return [values, change]
}

/** Router's reader of the query string: every value is text, nothing is guessed. A repeated name keeps its last value. */
export function readQueryString(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query))
}

/** Router's writer of the query string. Commas stay readable: they are legal in a query (RFC 3986 §3.4). */
export function writeQueryString(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${encodeURIComponent(key)}=${encodeURIComponent(value).replaceAll('%2C', ',')}`] : [],
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
