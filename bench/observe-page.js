/** Runs in a page before its first script: takes notes of what the page does. */
const Native = globalThis.Worker
globalThis.Worker = class extends Native {
  constructor(...args) {
    super(...args)
    const start = performance.now()
    this.addEventListener('message', () => performance.measure('layout', { start }), { once: true })
  }
}
performance.setResourceTimingBufferSize(2_000)
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) performance.measure('task', { start: startTime, duration })
}).observe({ type: 'longtask', buffered: true })

function look() {
  performance.mark('frame')
  const drawn = document.querySelector('.md-topology-chart canvas') && !document.querySelector('.md-topology-wait')
  const answer = performance.getEntriesByType('resource').find(({ name }) => name.includes('/topology?'))
  if (drawn && answer && performance.getEntriesByName('picture').length === 0) {
    performance.measure('picture', { start: answer.responseEnd })
  }
  requestAnimationFrame(look)
}
requestAnimationFrame(look)

/** What was noted since a mark of that name, or since the page began: see `Work`. */
globalThis.observedWork = (mark) => {
  const began = performance.getEntriesByName(mark).at(-1)?.startTime ?? 0
  const last = (name) => performance.getEntriesByName(name).at(-1)?.duration ?? 0
  const since = (name) => performance.getEntriesByName(name).filter(({ startTime }) => startTime >= began)
  const frames = since('frame')
  const seconds = ((frames.at(-1)?.startTime ?? 0) - (frames.at(0)?.startTime ?? 0)) / 1_000
  return {
    picture: last('picture'),
    layout: last('layout'),
    longestTask: Math.max(50, ...since('task').map(({ duration }) => duration)),
    frames: (frames.length - 1) / seconds,
  }
}
