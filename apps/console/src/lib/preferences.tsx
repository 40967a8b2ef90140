import { createContext, use, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { isRecord } from '@meshdeck/kube'

export type ThemeChoice = 'light' | 'dark' | 'system'
export const LOCALES = ['zh-CN', 'en-US'] as const
export type Locale = (typeof LOCALES)[number]

/** What a user has chosen on this device. */
export interface Preferences {
  theme: ThemeChoice
  /** Absent until chosen: the browser's language decides. */
  locale: Locale | undefined
  /** Columns hidden in each table, by the table's id. */
  hiddenColumns: Record<string, string[]>
  /** Ways to look at a page that were given a name, by page: the page's search parameters. */
  savedViews: Record<string, Record<string, Record<string, string>>>
  /** How often pages without live events ask again, in seconds; 0 is off. */
  refreshSeconds: number
}

const KEY = 'meshdeck:preferences'
const DEFAULTS: Preferences = {
  theme: 'system',
  locale: undefined,
  hiddenColumns: {},
  savedViews: {},
  refreshSeconds: 15,
}

function read(text: string | null): Preferences {
  let raw: unknown
  try {
    raw = text === null ? {} : JSON.parse(text)
  } catch {
    raw = {}
  }
  if (!isRecord(raw)) return DEFAULTS
  const { theme, locale, hiddenColumns, savedViews, refreshSeconds } = raw
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    locale: LOCALES.find((known) => known === locale),
    hiddenColumns: isRecord(hiddenColumns)
      ? Object.fromEntries(
          Object.entries(hiddenColumns).map(([id, ids]) => [id, Array.isArray(ids) ? ids.map(String) : []]),
        )
      : {},
    savedViews: mapRecord(savedViews, (views) =>
      mapRecord(views, (search) => mapRecord(search, (text) => (typeof text === 'string' ? text : undefined))),
    ),
    refreshSeconds:
      typeof refreshSeconds === 'number' && refreshSeconds >= 0 ? refreshSeconds : DEFAULTS.refreshSeconds,
  }
}

/** A record of what each value is read as; what is none is empty, and values that cannot be read are left out. */
function mapRecord<T>(raw: unknown, read: (value: unknown) => T | undefined): Record<string, T> {
  const entries = isRecord(raw) ? Object.entries(raw) : []
  return Object.fromEntries(
    entries.flatMap(([key, value]) => {
      const known = read(value)
      return known === undefined ? [] : [[key, known]]
    }),
  )
}

/** Preferences kept in localStorage; other tabs follow. A browser that refuses storage keeps them for the visit. */
export function createPreferenceStore(storage: Storage | undefined = safeStorage()) {
  let current = read(storage?.getItem(KEY) ?? null)
  const listeners = new Set<() => void>()
  const emit = () => listeners.forEach((listener) => listener())
  const handleStorage = (event: StorageEvent) => {
    if (event.key !== KEY) return
    current = read(event.newValue)
    emit()
  }
  return {
    get: () => current,
    set(change: Partial<Preferences>) {
      current = { ...current, ...change }
      try {
        storage?.setItem(KEY, JSON.stringify(current))
      } catch {
        // A full or forbidden storage must not break the page.
      }
      emit()
    },
    subscribe(listener: () => void) {
      if (listeners.size === 0) window.addEventListener('storage', handleStorage)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) window.removeEventListener('storage', handleStorage)
      }
    },
  }
}
export type PreferenceStore = ReturnType<typeof createPreferenceStore>

function safeStorage(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}

const PreferenceContext = createContext<PreferenceStore | undefined>(undefined)

export function PreferenceProvider(props: { store: PreferenceStore; children: ReactNode }) {
  return <PreferenceContext value={props.store}>{props.children}</PreferenceContext>
}

/** The preferences and how to change some of them. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const provided = use(PreferenceContext)
  const store = useMemo(() => provided ?? createPreferenceStore(), [provided])
  return [useSyncExternalStore(store.subscribe, store.get), store.set]
}
