import { Graphviz } from '@hpcc-js/wasm-graphviz'
import type { LayoutRequest } from './layout-request.ts'
import { planLayout } from './plan-layout.ts'

/** One worker lays out one graph and is thrown away: Graphviz' memory only grows. */
self.addEventListener('message', (event: MessageEvent<LayoutRequest>) => {
  void Graphviz.load().then((graphviz) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker answers its page, there is no other origin
    self.postMessage(planLayout(event.data, (dot, engine) => graphviz.layout(dot, 'plain', engine)))
  })
})

// A rejection is no `error` event of the worker unless it is thrown from a task.
self.addEventListener('unhandledrejection', ({ reason }) => {
  setTimeout(() => {
    throw reason
  })
})
