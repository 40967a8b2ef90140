import { createRoot, type Root } from 'react-dom/client'
import { App } from './app/app.tsx'
import { createConsole, type Console } from './app/console.ts'
import type { Locale } from './lib/preferences.tsx'

/** What a host page may decide. Everything but the base path has a default, since the console must also run alone. */
export interface MountProps {
  /** Path below which the BFF serves the console and its API: `/` or `/meshdeck`. */
  basePath: string
  /** Language; with it the console's own switch is gone. */
  locale?: Locale
  /** Theme; with it the console's own switch is gone. */
  theme?: 'light' | 'dark'
  /** Token of the host's user, or how to ask for the present one; then there is no sign-in or sign-out of our own. */
  token?: string | (() => string | undefined)
  /** Called after each navigation, with the path below the base path. */
  onNavigate?: (path: string) => void
  /** Called when a page names itself; a host that leaves this out keeps its own title. */
  onTitle?: (title: string) => void
}

const mounted = new WeakMap<Element, { root: Root; console: Console }>()

/** Shows the console inside an element. Called again for the same element it takes over changed props without losing state. */
export function mount(container: Element, props: MountProps): void {
  const existing = mounted.get(container)
  if (existing) {
    existing.console.update(props)
    return
  }
  const console = createConsole(container, props)
  const root = createRoot(console.view)
  mounted.set(container, { root, console })
  root.render(<App console={console} />)
}

/** Takes the console out of an element and leaves nothing behind: no styles, listeners, connections. */
export function unmount(container: Element): void {
  const existing = mounted.get(container)
  if (!existing) return
  mounted.delete(container)
  existing.root.unmount()
  existing.console.dispose()
}
