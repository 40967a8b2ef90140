import { StyleProvider } from '@ant-design/cssinjs'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import IconContext from '@ant-design/icons/es/components/Context'
import ConfigProvider from 'antd/es/config-provider'
import type { Locale as AntLocale } from 'antd/es/locale'
import type { i18n } from 'i18next'
import { Suspense, use, useDeferredValue, useInsertionEffect, useMemo, useSyncExternalStore } from 'react'
import { I18nextProvider } from 'react-i18next'
import { EventsContext } from '../lib/events.ts'
import { HostContext } from '../lib/host.ts'
import { createTranslations, formatLocale, matchLocale } from '../lib/i18n.ts'
import { PreferenceProvider, usePreferences, type ThemeChoice } from '../lib/preferences.tsx'
import { configureRuntime } from '../lib/runtime.ts'
import { useStyle } from '../lib/use-style.ts'
import baseCss from './base.css?inline'
import type { Console } from './console.ts'
import { CrashScreen } from './crash-screen.tsx'
import { NoticeBridge } from './notice-bridge.tsx'
import { ErrorBoundary } from '../components/error-boundary.tsx'
import { antdTheme, cssVariables, type Mode } from './theme.ts'

/** The console: providers around the router. */
export function App({ console }: { console: Console }) {
  return (
    <HostContext value={console.host}>
      <PreferenceProvider store={console.preferences}>
        <ErrorBoundary fallback={(error) => <CrashScreen error={error} />}>
          <Suspense fallback={null}>
            <Localized console={console} />
          </Suspense>
        </ErrorBoundary>
      </PreferenceProvider>
    </HostContext>
  )
}

interface Language {
  i18n: i18n
  antd: AntLocale
}

const languages = new Map<string, Promise<Language>>()

/** Texts and antd's own words of a language, loaded once. */
function language(locale: string): Promise<Language> {
  const known = languages.get(locale)
  if (known) return known
  const loading = Promise.all([
    createTranslations(locale),
    formatLocale(locale) === 'zh-CN' ? import('antd/es/locale/zh_CN') : import('antd/es/locale/en_US'),
  ]).then(([i18n, antd]) => ({ i18n, antd: antd.default }))
  languages.set(locale, loading)
  // A failure is not kept: the next mount asks again.
  loading.catch(() => languages.delete(locale))
  return loading
}

function Localized({ console }: { console: Console }) {
  useStyle(baseCss)
  const [preferences] = usePreferences()
  const host = useSyncExternalStore(console.settings.subscribe, console.settings.get)
  // Deferred, so that the page stays, with its focus, until the words of another language are here.
  const locale = useDeferredValue(host.locale ?? preferences.locale ?? matchLocale(navigator.languages))
  const mode = useMode(host.theme ?? preferences.theme)
  const words = use(language(locale))
  // Icons would put a style element into the page's head; antd's own copy of it stands in the container already.
  const icons = useMemo(() => ({ prefixCls: 'anticon', zeroRuntime: true }), [])

  useInsertionEffect(() => {
    const { root } = console.host
    configureRuntime({ locale: formatLocale(locale) })
    // oxlint-disable-next-line react/immutability -- the container is the host page's element, dressed here
    root.lang = formatLocale(locale)
    root.dataset['theme'] = mode
    root.style.colorScheme = mode
    for (const [name, value] of Object.entries(cssVariables(mode))) root.style.setProperty(name, value)
  }, [console, locale, mode])

  return (
    <StyleProvider container={console.host.styles} cache={console.styleCache}>
      <ConfigProvider
        theme={antdTheme(mode)}
        locale={words.antd}
        getPopupContainer={() => console.host.root}
        button={{ autoInsertSpace: false }}
        // antd's own default is hover alone: what a tooltip says must not depend on a mouse.
        tooltip={{ trigger: ['hover', 'focus'] }}
        {...(console.host.nonce === undefined ? {} : { csp: { nonce: console.host.nonce } })}
      >
        <div className="meshdeck-app">
          <IconContext value={icons}>
            <I18nextProvider i18n={words.i18n}>
              <QueryClientProvider client={console.queryClient}>
                <EventsContext value={console.events}>
                  <NoticeBridge console={console} />
                  <RouterProvider router={console.router} />
                </EventsContext>
              </QueryClientProvider>
            </I18nextProvider>
          </IconContext>
        </div>
      </ConfigProvider>
    </StyleProvider>
  )
}

const darkQuery = () => window.matchMedia('(prefers-color-scheme: dark)')

function subscribeToSystem(listener: () => void): () => void {
  const query = darkQuery()
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

function useMode(choice: ThemeChoice): Mode {
  const systemIsDark = useSyncExternalStore(subscribeToSystem, () => darkQuery().matches)
  if (choice === 'system') return systemIsDark ? 'dark' : 'light'
  return choice
}
