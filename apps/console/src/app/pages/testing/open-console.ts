import { configure } from '@testing-library/react'
import { mount, unmount } from '../../../mount.tsx'
import { stubResizeObserver } from '../../testing/resize-observer.ts'

/** What antd and CodeMirror ask of a browser and jsdom does not have. Nothing is laid out, so the answers are empty. */
function completeBrowser(): void {
  const rect = new DOMRect()
  Object.assign(Range.prototype, { getClientRects: () => [], getBoundingClientRect: () => rect })
  stubResizeObserver()
  Object.assign(globalThis, {
    matchMedia: (media: string) => ({
      media,
      matches: false,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      addListener: () => undefined,
      removeListener: () => undefined,
    }),
  })
  Element.prototype.scrollIntoView = () => undefined
  window.scrollTo = () => undefined
}

/** The first page of a run loads all of antd; a second is too short for that on a busy machine. */
configure({ asyncUtilTimeout: 20_000 })

/** Mounts the whole console at an address. The returned function takes it down. */
export function openConsole(path: string): () => void {
  completeBrowser()
  window.history.replaceState(null, '', path)
  const container = document.createElement('div')
  document.body.append(container)
  mount(container, { basePath: '/', locale: 'en-US', theme: 'light' })
  return () => {
    unmount(container)
    container.remove()
  }
}
