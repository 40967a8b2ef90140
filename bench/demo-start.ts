import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { Measurement } from './measurement.ts'
import { launchBrowser, stop } from './processes.ts'
import { summarize } from './statistics.ts'

const ROOT = join(import.meta.dirname, '..')
const RUNS = 5

/** `npm start` with nothing else, until a newcomer sees the meshes; packages are installed and the console is built. */
export const demoStart: Measurement = {
  name: 'demo-start',
  what: 'From `npm start` to the first card of a mesh in Chromium, with the packages installed and the console built',
  async run() {
    const browser = await launchBrowser()
    const times: number[] = []
    try {
      for (let run = 0; run < RUNS; run++) {
        const began = performance.now()
        const child = spawn(process.execPath, ['scripts/start.ts', '--no-open', '--port', '0'], {
          cwd: ROOT,
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        try {
          const page = await browser.newPage()
          await page.goto(await addressIn(child.stdout))
          await page.locator('article h2 a').first().waitFor()
          times.push(performance.now() - began)
          await page.close()
        } finally {
          await stop(child)
        }
      }
    } finally {
      await browser.close()
    }
    const { median, min, max } = summarize(times)
    return [{ what: 'to the first page: median', value: median, unit: 'ms', range: [min, max], aim: 10_000 }]
  },
}

/** Reads the address that the start script prints. */
export async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /Meshdeck is at (\S+)/.exec(line)?.[1]
    if (address !== undefined) {
      output.resume()
      return address
    }
  }
  throw new Error('Meshdeck ended before it was up')
}
