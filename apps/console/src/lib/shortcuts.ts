import { useEffect, useEffectEvent } from 'react'

/** A key, or keys struck one after the other (`g m`), and what they do. */
export type Shortcuts = Record<string, () => void>

/** How long the second key of a sequence may take. */
const SEQUENCE_MS = 1200

/** Where keys mean something else: fields, lists that are searched by typing, and dialogs, which hold what is behind them still. */
const OWN_KEYS =
  'input, textarea, select, [role="textbox"], [role="combobox"], [role="menu"], [role="listbox"], [role="dialog"]'

const isBusy = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest(OWN_KEYS) !== null)

/**
 * Listens for shortcuts while `root` or nothing at all has the focus: inside a host page its other parts are not ours.
 * Never while somebody types or a dialog has the focus, and never with a modifier.
 */
export function useShortcuts(shortcuts: Shortcuts, root: HTMLElement | null): void {
  const run = useEffectEvent((keys: string): boolean => {
    const action = shortcuts[keys]
    action?.()
    return action !== undefined
  })
  const begins = useEffectEvent((key: string) => Object.keys(shortcuts).some((keys) => keys.startsWith(`${key} `)))

  useEffect(() => {
    let first: { key: string; at: number } | undefined
    const handleKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return
      if (event.isComposing || event.defaultPrevented || isBusy(event.target)) return
      const outside =
        event.target instanceof Node && event.target !== document.body && root?.contains(event.target) === false
      if (outside) return
      const previous = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ` : ''
      first = undefined
      if (run(`${previous}${event.key}`)) event.preventDefault()
      else if (begins(event.key)) first = { key: event.key, at: event.timeStamp }
    }
    document.addEventListener('keydown', handleKey)
    return () => document.removeEventListener('keydown', handleKey)
  }, [root])
}
