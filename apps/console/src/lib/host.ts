import { createContext, use } from 'react'

/** What the page around the console offers, and where its own parts may put things. */
export interface Host {
  /** Element that holds the whole console; popups, styles and focus stay inside. */
  root: HTMLElement
  /** Where style elements go. */
  styles: HTMLElement
  /** Nonce of the content security policy, for style elements. */
  nonce: string | undefined
  /** Sets the title of the page, where the console owns it. */
  onTitle: (title: string) => void
  /** Whether the host page chooses language or theme; the console's own switch is then not offered. */
  controls: { locale: boolean; theme: boolean; session: boolean }
}

export const HostContext = createContext<Host | undefined>(undefined)

/** The page around the console; absent in tests of single components. */
export const useHost = (): Host | undefined => use(HostContext)
