import { createBrowserHistory, type RouterHistory } from '@tanstack/react-router'

/**
 * The page's history for one console. The router's own would replace `history.pushState` of the page for as long as it
 * lives; inside a host page with a router of its own, and with a second console, the pieces would not come apart again.
 * So it is handed a stand-in to replace; the page's other navigations arrive by `popstate`.
 */
export function createPageHistory(): RouterHistory {
  const { history } = window
  return createBrowserHistory({
    window: {
      document,
      location: window.location,
      history: {
        get state(): unknown {
          return history.state
        },
        get length(): number {
          return history.length
        },
        pushState: (...args: Parameters<History['pushState']>) => history.pushState(...args),
        replaceState: (...args: Parameters<History['replaceState']>) => history.replaceState(...args),
        back: () => history.back(),
        forward: () => history.forward(),
        go: (delta: number) => history.go(delta),
      },
      addEventListener: window.addEventListener.bind(window),
      removeEventListener: window.removeEventListener.bind(window),
    },
  })
}
