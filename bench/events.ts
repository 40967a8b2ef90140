import type { LabMeasurement } from './measurement.ts'
import { virtualService } from './objects.ts'
import { summarize } from './statistics.ts'
import { MESH } from './world.ts'

const RUNS = 15

/** How long a change by kubectl takes to the event stream, and to the row on the screen. */
export const events: LabMeasurement = {
  name: 'events',
  what: 'From the end of `kubectl create` to the frame of the event stream and to the row in Chromium',
  async run(world) {
    await world.joinClusters()
    const browser = await world.browser()
    const stop = new AbortController()
    const seen = new Map<string, number>()
    try {
      const stream = await fetch(`${world.url}/api/v1/events`, { signal: stop.signal })
      void follow(stream, (text) => {
        for (const [, name] of text.matchAll(/"name":"(event-[a-z0-9-]+)"/g))
          if (name && !seen.has(name)) seen.set(name, performance.now())
      })
      const page = await browser.newPage()
      await page.goto(`${world.url}/meshes/${MESH}/virtual-services?sort=-created`)
      await page.locator('tbody a').first().waitFor()
      const frames: number[] = []
      const rows: number[] = []
      for (let run = 0; run < RUNS; run++) {
        const name = `event-${process.pid}-${run}`
        const row = page.getByRole('link', { name, exact: true }).waitFor()
        await world.kubectl(['create', '-f', '-'], JSON.stringify(virtualService(world.namespace, name)))
        const written = performance.now()
        await row
        rows.push(performance.now() - written)
        frames.push((seen.get(name) ?? Number.NaN) - written)
      }
      const frame = summarize(frames)
      const row = summarize(rows)
      return [
        { what: 'to the frame: median', value: frame.median, unit: 'ms', range: [frame.min, frame.max] },
        { what: 'to the row: median', value: row.median, unit: 'ms', range: [row.min, row.max], aim: 1_000 },
        { what: 'to the row: 95 %', value: row.p95, unit: 'ms', aim: 1_000 },
      ]
    } finally {
      stop.abort()
      await browser.close()
    }
  },
}

async function follow(response: Response, onText: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body ?? []) onText(decoder.decode(chunk, { stream: true }))
  } catch {
    // Aborted at the end.
  }
}
