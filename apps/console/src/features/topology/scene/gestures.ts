/** What hands ask for, in pixels of the element. */
export interface GestureHandlers {
  onPan: (dx: number, dy: number) => void
  /** `factor` above 1 is nearer. */
  onZoom: (factor: number, x: number, y: number) => void
}

const WHEEL_SPEED = 0.0015
/** A notch of a wheel that counts in lines. */
const LINE_HEIGHT = 24

/** Listens for drag, wheel and pinch on an element. Returns what stops it. */
export function listenForGestures(element: HTMLElement, { onPan, onZoom }: GestureHandlers): () => void {
  const abort = new AbortController()
  const { signal } = abort
  const pointers = new Map<number, { x: number; y: number }>()
  const own = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
    const box = element.getBoundingClientRect()
    return { x: clientX - box.left, y: clientY - box.top }
  }

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button === 0) pointers.set(event.pointerId, own(event))
    },
    { signal },
  )
  // On the window, so that a drag goes on outside of the element.
  window.addEventListener(
    'pointermove',
    (event) => {
      const before = pointers.get(event.pointerId)
      if (!before) return
      const now = own(event)
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1]
      if (other) {
        const distance = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y) || 1
        onZoom(distance(now) / distance(before), (now.x + other.x) / 2, (now.y + other.y) / 2)
        onPan((now.x - before.x) / 2, (now.y - before.y) / 2)
      } else onPan(now.x - before.x, now.y - before.y)
      pointers.set(event.pointerId, now)
    },
    { signal },
  )
  // While the picture follows the pointer, the pointer stays on what it is on. To look for that among thousands of
  // elements with each step would take longer than moving them.
  element.addEventListener(
    'mousemove',
    (event) => {
      if (pointers.size > 0) event.stopPropagation()
    },
    { capture: true, signal },
  )
  for (const type of ['pointerup', 'pointercancel'] as const) {
    window.addEventListener(type, ({ pointerId }) => pointers.delete(pointerId), { signal })
  }
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const { x, y } = own(event)
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_HEIGHT : event.deltaY
      // Browsers tell a pinch on a touchpad as a wheel with Ctrl, in much smaller steps.
      onZoom(Math.exp(-pixels * WHEEL_SPEED * (event.ctrlKey ? 6 : 1)), x, y)
    },
    { passive: false, signal },
  )
  return () => abort.abort()
}
