import type { EventFrame } from '@meshdeck/contract'

/** Reads an event stream as the console does; `until` waits for the first frame that fits. */
export interface EventReader {
  readonly frames: EventFrame[]
  /** The text as it came, comments and all. */
  text(): string
  until(fits: (frame: EventFrame) => boolean): Promise<EventFrame>
  close(): void
}

/** Opens a stream on a listening BFF. */
export async function openEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const abort = new AbortController()
  const response = await fetch(`${url}/api/v1/events`, { headers, signal: abort.signal })
  if (!response.ok || response.body === null) throw new Error(`the stream answered ${response.status}`)
  const frames: EventFrame[] = []
  const waiting = new Set<() => void>()
  let text = ''
  let rest = ''
  let ended = false
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data !== undefined) frames.push(JSON.parse(data))
      }
      for (const wake of waiting) wake()
    }
  }
  void read(response.body)
    .catch(() => undefined)
    .finally(() => {
      ended = true
      for (const wake of waiting) wake()
    })
  return {
    frames,
    text: () => text,
    until: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = frames.find(fits)
          if (found === undefined && !ended) return
          waiting.delete(look)
          if (found === undefined) reject(new Error(`the stream ended after ${JSON.stringify(frames)}`))
          else resolve(found)
        }
        waiting.add(look)
        look()
      }),
    close: () => abort.abort(),
  }
}
