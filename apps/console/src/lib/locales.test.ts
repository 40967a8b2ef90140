import { PROBLEM_CODES } from '@meshdeck/contract'
import { MESH_CONDITIONS } from '@meshdeck/kube'
import { describe, expect, it } from 'vitest'

type Bundle = { [key: string]: string | Bundle }

const bundles = import.meta.glob<Bundle>('../locales/*/*.json', { import: 'default', eager: true })
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.{ts,tsx}'], {
  query: '?raw',
  import: 'default',
  eager: true,
})
const LOCALES = ['en-US', 'zh-CN']
/** Looked into when the namespace asked for has no such key; see `createTranslations`. */
const FALLBACK = ['common', 'glossary']

function flatten(bundle: Bundle, prefix = ''): [key: string, text: string][] {
  return Object.entries(bundle).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${prefix}${key}`, value] as [string, string]] : flatten(value, `${prefix}${key}.`),
  )
}

const texts = new Map(
  Object.entries(bundles).map(([path, bundle]) => {
    const [, locale = '', namespace = ''] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? []
    return [`${locale}/${namespace}`, new Map(flatten(bundle))]
  }),
)
const namespaces = [...new Set([...texts.keys()].map((key) => key.split('/')[1] ?? ''))]
const textsOf = (locale: string, namespace: string) => texts.get(`${locale}/${namespace}`) ?? new Map<string, string>()

/** One use of texts in a source file: where it looks, and for what; `${…}` in a key stands for anything. */
interface Use {
  file: string
  namespaces: string[]
  key: string
}

function usesIn(file: string, source: string): Use[] {
  const own = [...source.matchAll(/useTranslation\(([^)]*)\)/g)].flatMap(([, list = '']) => {
    const named = [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name)
    return named.length === 0 ? ['common'] : named
  })
  if (own.length === 0) return []
  return [...source.matchAll(/\bt\(/g)].flatMap((call) => {
    const argument = firstArgument(source.slice(call.index + 1))
    return [...argument.matchAll(/'([^']*)'|`((?:\$\{[^}]*\}|[^`])*)`/g)]
      .filter(({ index }) => !/[=!]==\s*$/.test(argument.slice(0, index)))
      .map(([, plain, template]) => {
        const [first = '', second] = (plain ?? template ?? '').split(/:(.*)/s)
        return second === undefined ? { file, namespaces: own, key: first } : { file, namespaces: [first], key: second }
      })
  })
}

/** The text from an opening parenthesis to the comma or parenthesis that ends the first argument. */
function firstArgument(text: string): string {
  let depth = 0
  let quote = ''
  for (const [at, letter] of [...text].entries()) {
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === "'" || letter === '`') quote = letter
    else if ('([{'.includes(letter)) depth += 1
    else if (')]}'.includes(letter)) depth -= 1
    else if (letter === ',' && depth === 1) return text.slice(1, at)
    if (depth === 0) return text.slice(1, at)
  }
  return text
}

const uses = Object.entries(sources).flatMap(([file, source]) => usesIn(file, source))

/** Keys stand for themselves, for their plural forms, and with `${…}` for every key of that shape. */
function isThere(locale: string, { namespaces: asked, key }: Use): boolean {
  const shape = key
    .split(/\$\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.+')
  const wanted = new RegExp(`^${shape}(_one|_other)?$`)
  return [...asked, ...FALLBACK].some((namespace) =>
    [...textsOf(locale, namespace).keys()].some((each) => wanted.test(each)),
  )
}

describe('texts', () => {
  it.each(namespaces)('%s has the same keys in both languages, with the same placeholders', (namespace) => {
    const placeholders = (locale: string) =>
      Object.fromEntries(
        [...textsOf(locale, namespace)]
          .map(([key, text]): [string, string] => [
            key,
            [...text.matchAll(/\{\{\s*(\w+)/g)]
              .map(([, name]) => name)
              .toSorted()
              .join(),
          ])
          .toSorted(([a], [b]) => a.localeCompare(b)),
      )
    expect(placeholders('zh-CN')).toEqual(placeholders('en-US'))
  })

  it.each(namespaces)('%s has no empty text', (namespace) => {
    for (const locale of LOCALES) {
      expect(
        [...textsOf(locale, namespace)].filter(([, text]) => text.trim() === '').map(([key]) => `${locale} ${key}`),
      ).toEqual([])
    }
  })

  it('finds every namespace that code asks for', () => {
    const asked = [...new Set(uses.flatMap((use) => use.namespaces))]
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.filter((namespace) => !namespaces.includes(namespace))).toEqual([])
  })

  it.each(LOCALES)('finds every key that code asks for in %s', (locale) => {
    expect(uses.length).toBeGreaterThan(300)
    expect(
      uses.filter((use) => !isThere(locale, use)).map((use) => `${use.file}: ${use.namespaces.join('|')}:${use.key}`),
    ).toEqual([])
  })

  it.each(LOCALES)('has words for every problem that the BFF can answer with in %s', (locale) => {
    const known = textsOf(locale, 'problems')
    expect(PROBLEM_CODES.filter((code) => !known.has(`${code}.title`) || !known.has(`${code}.hint`))).toEqual([])
  })
})

it.each(LOCALES)('in %s every condition of a mesh has words wherever it is shown', (locale) => {
  const missing = MESH_CONDITIONS.flatMap((condition) =>
    ['True', 'False', 'Unknown'].flatMap((status) => [
      ...(textsOf(locale, 'fleet').has(`conditions.${condition}.${status}`) ? [] : [`fleet ${condition} ${status}`]),
      ...(textsOf(locale, 'overview').has(`state.types.${condition}.${status}`)
        ? []
        : [`overview ${condition} ${status}`]),
    ]),
  )
  expect(missing).toEqual([])
})
