import { useEffect, useEffectEvent, useState } from 'react'

/**
 * Whether a part of the page fills the screen, and a switch for it. The whole console goes into full screen, since that
 * is where popups are; the part fills it by its style. Where the browser does not let it, it fills the window.
 */
export function useFullScreen(root: HTMLElement | undefined): [full: boolean, toggle: () => void] {
  const [full, setFull] = useState(false)
  const [granted, setGranted] = useState(false)

  const handleChange = useEffectEvent(() => {
    if (granted && !document.fullscreenElement) {
      setFull(false)
      setGranted(false)
    }
  })
  const handleKey = useEffectEvent((event: KeyboardEvent) => {
    // The browser ends its own full screen by itself.
    if (event.key === 'Escape' && !event.defaultPrevented && full && !granted) setFull(false)
  })
  useEffect(() => {
    const [change, key] = [() => handleChange(), (event: KeyboardEvent) => handleKey(event)]
    document.addEventListener('fullscreenchange', change)
    document.addEventListener('keydown', key)
    return () => {
      document.removeEventListener('fullscreenchange', change)
      document.removeEventListener('keydown', key)
      // Who leaves the page leaves full screen.
      if (document.fullscreenElement) void document.exitFullscreen()
    }
  }, [])

  const toggle = (): void => {
    if (full) {
      if (document.fullscreenElement) void document.exitFullscreen()
      setFull(false)
      return
    }
    setFull(true)
    // Refused in a frame that does not allow it, and not there in some browsers.
    root?.requestFullscreen?.().then(
      () => setGranted(true),
      () => setGranted(false),
    )
  }
  return [full, toggle]
}
