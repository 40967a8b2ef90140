import type { LayoutRequest, Place } from './layout-request.ts'

/** Far above what the largest meshes need (2,000 nodes: about a second). */
const TIMEOUT_MS = 20_000

/** Lays a graph out in a worker of its own. Rejects when the worker cannot run, fails or takes too long; `signal` ends it. */
export function layOut(request: LayoutRequest, signal: AbortSignal): Promise<Map<string, Place>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
    const timer = setTimeout(() => finish(() => reject(new Error('the layout took too long'))), TIMEOUT_MS)
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      worker.terminate()
      settle()
    }
    signal.addEventListener('abort', () => finish(() => reject(signal.reason)), { once: true })
    worker.addEventListener('message', ({ data }: MessageEvent<Map<string, Place>>) => finish(() => resolve(data)), {
      once: true,
    })
    worker.addEventListener(
      'error',
      (event) => finish(() => reject(new Error(event.message || 'the worker did not start'))),
      { once: true },
    )
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of ours, there is no other origin
    worker.postMessage(request)
  })
}
