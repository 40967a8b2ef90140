import { createCache } from '@ant-design/cssinjs'
import type { QueryClient } from '@tanstack/react-query'
import type { Host } from '../lib/host.ts'
import { createEvents, type Events } from '../lib/events.ts'
import { PSEUDO_LOCALE } from '../lib/i18n.ts'
import { createPreferenceStore, type PreferenceStore } from '../lib/preferences.tsx'
import { createQueryClient, type Notices } from '../lib/query-client.ts'
import { configureRuntime, enterRuntime, normalizeBasePath } from '../lib/runtime.ts'
import { endSession, renewIfEnded } from '../lib/session.ts'
import type { MountProps } from '../mount.tsx'
import { createPageHistory } from './page-history.ts'
import { createConsoleRouter, type ConsoleRouter } from './router.tsx'

/** Everything of one mounted console that is not React's: elements, stores, connections. */
export interface Console {
  view: HTMLElement
  host: Host
  basePath: string
  styleCache: ReturnType<typeof createCache>
  queryClient: QueryClient
  events: Events
  router: ConsoleRouter
  preferences: PreferenceStore
  /** Set while the console stands: where notices go. */
  notices: { speaker: Notices | undefined }
  settings: { get: () => HostSettings; subscribe: (listener: () => void) => () => void }
  update: (props: MountProps) => void
  dispose: () => void
}

/** What the host decides over the user's preferences. */
export interface HostSettings {
  locale: string | undefined
  theme: 'light' | 'dark' | undefined
}

/** Makes the elements and stores of a console inside a container. */
export function createConsole(container: Element, props: MountProps): Console {
  const hostHadIconStyle = iconStyle() !== null
  const basePath = normalizeBasePath(props.basePath)
  const leaveRuntime = enterRuntime({ basePath, token: readToken(props) })
  const root = document.createElement('div')
  root.className = 'meshdeck'
  const styles = document.createElement('div')
  styles.hidden = true
  const view = document.createElement('div')
  view.className = 'meshdeck-view'
  root.append(styles, view)
  container.append(root)

  const settings = createSettings(readSettings(props))
  const notices: { speaker: Notices | undefined } = { speaker: undefined }
  let latest = props
  const forgetSession = () => endSession(queryClient)
  const queryClient = createQueryClient(
    {
      success: (text) => notices.speaker?.success(text),
      failure: (error) => notices.speaker?.failure(error),
    },
    forgetSession,
  )
  const events = createEvents({ queryClient, onUnauthenticated: forgetSession })
  const history = createPageHistory()
  const router = createConsoleRouter(basePath, history)
  const stopListening = router.subscribe('onResolved', ({ toLocation }) => latest.onNavigate?.(toLocation.href))

  return {
    view,
    host: {
      root,
      styles,
      nonce: document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content || undefined,
      onTitle(title) {
        latest.onTitle?.(title)
      },
      controls: {
        locale: props.locale === undefined,
        theme: props.theme === undefined,
        session: props.token === undefined,
      },
    },
    basePath,
    styleCache: createCache(),
    queryClient,
    events,
    router,
    preferences: createPreferenceStore(),
    notices,
    settings,
    update(next) {
      latest = next
      configureRuntime({ token: readToken(next) })
      settings.set(readSettings(next))
      renewIfEnded(queryClient)
    },
    dispose() {
      events.stop()
      stopListening()
      history.destroy()
      queryClient.clear()
      root.remove()
      if (!hostHadIconStyle) iconStyle()?.remove()
      leaveRuntime()
    },
  }
}

/** Icons inside antd's tables put their rules into the page's head; a copy of them stands in the container all the same. */
const iconStyle = (): Element | null => document.head.querySelector('style[rc-util-key="@ant-design-icons"]')

function readToken({ token }: MountProps): (() => string | undefined) | undefined {
  return typeof token === 'string' ? () => token : token
}

/** `?locale=pseudo` is for tests of ours: it finds texts that nobody translated. */
function readSettings(props: MountProps): HostSettings {
  const asked = new URLSearchParams(window.location.search).get('locale')
  return { locale: props.locale ?? (asked === PSEUDO_LOCALE ? PSEUDO_LOCALE : undefined), theme: props.theme }
}

function createSettings(initial: HostSettings) {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set(next: HostSettings) {
      current = next
      listeners.forEach((listener) => listener())
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
