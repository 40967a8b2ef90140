import { useRef, useState, type RefObject } from 'react'

export interface Copy<Shown extends HTMLElement> {
  /** For what shows the text. */
  shown: RefObject<Shown | null>
  /** Whether this very text was copied. */
  done: boolean
  copy: () => Promise<void>
}

/** Takes a text to the clipboard; where scripts may not reach it, selects what is shown, so that one key is left to be struck. */
export function useCopy<Shown extends HTMLElement>(text: string): Copy<Shown> {
  const [copied, setCopied] = useState<string>()
  const shown = useRef<Shown>(null)
  return {
    shown,
    done: copied === text,
    async copy() {
      try {
        await navigator.clipboard.writeText(text)
        setCopied(text)
      } catch {
        // No clipboard for scripts over plain http, or the user said no.
        if (shown.current) window.getSelection()?.selectAllChildren(shown.current)
      }
    },
  }
}
