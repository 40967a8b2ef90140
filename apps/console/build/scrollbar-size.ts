/**
 * Stands in for `getScrollBarSize` of @rc-component/util, which measures with a `<style>` element that carries no nonce:
 * our content security policy refuses it, and the browser complains for every table. Without that element it cannot know
 * the width of scroll bars that a style sheet of the host page has changed; nothing of ours does.
 */
interface ScrollBarSize {
  width: number
  height: number
}

let known: ScrollBarSize | undefined

function measure(): ScrollBarSize {
  const probe = document.createElement('div')
  Object.assign(probe.style, {
    position: 'absolute',
    top: '0',
    left: '0',
    width: '100px',
    height: '100px',
    overflow: 'scroll',
  })
  document.body.append(probe)
  const size = { width: probe.offsetWidth - probe.clientWidth, height: probe.offsetHeight - probe.clientHeight }
  probe.remove()
  return size
}

/** Width of a scroll bar in px; measured once, or anew with `fresh`. */
// oxlint-disable-next-line import/no-default-export -- the module that this one stands in for has one
export default function getScrollBarSize(fresh?: boolean): number {
  if (fresh || known === undefined) known = measure()
  return known.width
}

/** Size of the scroll bars of an element in px. */
export function getTargetScrollBarSize(target: unknown): ScrollBarSize {
  return target instanceof Element ? (known ??= measure()) : { width: 0, height: 0 }
}
