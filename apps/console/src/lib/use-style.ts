import { useInsertionEffect } from 'react'
import { useHost } from './host.ts'

const counts = new WeakMap<Node, Map<string, { element: HTMLStyleElement; users: number }>>()

/**
 * Puts a style sheet (`import css from './x.css?inline'`) into the console's own container, once however many use it.
 * Not a `<link>` in the page's head: inside a host page our rules must come and go with us.
 */
export function useStyle(css: string): void {
  const host = useHost()
  useInsertionEffect(() => {
    const parent = host?.styles ?? document.head
    const sheets = counts.get(parent) ?? new Map<string, { element: HTMLStyleElement; users: number }>()
    counts.set(parent, sheets)
    const sheet = sheets.get(css) ?? { element: document.createElement('style'), users: 0 }
    if (sheet.users === 0) {
      if (host?.nonce) sheet.element.nonce = host.nonce
      sheet.element.textContent = css
      parent.append(sheet.element)
    }
    sheet.users += 1
    sheets.set(css, sheet)
    return () => {
      sheet.users -= 1
      if (sheet.users > 0) return
      sheet.element.remove()
      sheets.delete(css)
    }
  }, [css, host])
}
