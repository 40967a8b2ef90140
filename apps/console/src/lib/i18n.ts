import { createInstance, type BackendModule, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'

type Bundle = Record<string, unknown>

const bundles = import.meta.glob<Bundle>('../locales/*/*.json', { import: 'default' })

/** Stands for a language in which every text is marked and longer, to find what was not translated. */
export const PSEUDO_LOCALE = 'pseudo'

/** The language to hand to `Intl` and to antd. */
export const formatLocale = (locale: string): string => (locale === PSEUDO_LOCALE ? 'en-US' : locale)

/** Picks one of ours: any Chinese is zh-CN, everything else en-US. */
export function matchLocale(languages: readonly string[]): 'zh-CN' | 'en-US' {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US'
}

/** Loads one namespace of one language; the pseudo-locale is made from English. */
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read(locale, namespace, done) {
    const load = bundles[`../locales/${formatLocale(locale)}/${namespace}.json`]
    if (!load) {
      done(new Error(`no texts "${namespace}" in ${locale}`), false)
      return
    }
    load().then(
      (bundle) => done(null, locale === PSEUDO_LOCALE ? pseudoBundle(bundle) : bundle),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), false),
    )
  },
}

/** Texts that every page needs, loaded before the first paint. */
const EVERYWHERE = ['common', 'glossary', 'problems']

/** An i18next of this mount's own, so that a host page's instance is never touched. */
export async function createTranslations(locale: string): Promise<i18n> {
  const instance = createInstance()
  await instance
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: locale,
      fallbackLng: false,
      ns: EVERYWHERE,
      defaultNS: 'common',
      fallbackNS: ['common', 'glossary'],
      load: 'currentOnly',
      interpolation: { escapeValue: false },
    })
  return instance
}

const ACCENTS: Record<string, string> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  c: 'ç',
  n: 'ñ',
  s: 'š',
  y: 'ý',
  z: 'ž',
}

/** Marks a text: accents, a third longer, in brackets. Placeholders and tags stay as they are. */
export function pseudoText(text: string): string {
  const body = text
    .split(/(\{\{[^}]*\}\}|<[^>]*>|\$t\([^)]*\))/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/[aeioucnsyz]/g, (letter) => ACCENTS[letter] ?? letter),
    )
    .join('')
  return `⟦${body}${'·'.repeat(Math.ceil(text.length / 3))}⟧`
}

function pseudoBundle(bundle: Bundle): Bundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([key, value]) => [
      key,
      typeof value === 'string'
        ? pseudoText(value)
        : typeof value === 'object' && value !== null
          ? pseudoBundle(value as Bundle)
          : value,
    ]),
  )
}
