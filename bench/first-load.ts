import { gzipSync } from 'node:zlib'
import type { Response } from '@playwright/test'
import type { Figure, LabMeasurement } from './measurement.ts'
import { summarize } from './statistics.ts'
import { MESH, type World } from './world.ts'

const RUNS = 5
/** 1 KB is 1,000 bytes here. */
const LIMIT_KB = 390
const LISTS = [
  { path: '/meshes', ready: 'article h2 a' },
  { path: `/meshes/${MESH}/virtual-services`, ready: 'tbody a' },
] as const

/** All JavaScript that the browser fetches until a list can be used, and how long that takes with an empty cache. */
export const firstLoad: LabMeasurement = {
  name: 'first-load',
  what: 'JavaScript until the first list can be used (gzip -9 of what Chromium fetched; brotli as served), and the time',
  async run(world) {
    await world.joinClusters()
    const browser = await world.browser()
    try {
      const figures: Figure[] = []
      for (const list of LISTS) figures.push(...(await load(world, browser, list)))
      return figures
    } finally {
      await browser.close()
    }
  },
}

async function load(
  { url }: World,
  browser: Awaited<ReturnType<World['browser']>>,
  { path, ready }: (typeof LISTS)[number],
): Promise<Figure[]> {
  const times: number[] = []
  let gzip = 0
  let served = 0
  for (let run = 0; run < RUNS; run++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const scripts: Promise<[gzip: number, served: number]>[] = []
    const note = (response: Response): void => {
      if (!new URL(response.url()).pathname.endsWith('.js')) return
      scripts.push(
        Promise.all([response.body(), response.request().sizes()]).then(([body, { responseBodySize }]) => [
          gzipSync(body, { level: 9 }).length,
          responseBodySize,
        ]),
      )
    }
    page.on('response', note)
    const started = performance.now()
    await page.goto(url + path, { waitUntil: 'commit' })
    await page.locator(ready).first().waitFor()
    times.push(performance.now() - started)
    await page.waitForLoadState('load')
    // What is fetched once the page is idle is none of it.
    page.off('response', note)
    const sizes = await Promise.all(scripts)
    gzip = sizes.reduce((sum, [size]) => sum + size, 0)
    served = sizes.reduce((sum, [, size]) => sum + size, 0)
    await context.close()
  }
  const { median, min, max } = summarize(times)
  return [
    { what: `${path}: JavaScript, gzip`, value: gzip / 1000, unit: 'KB', aim: LIMIT_KB },
    { what: `${path}: JavaScript, as served`, value: served / 1000, unit: 'KB' },
    { what: `${path}: until usable`, value: median, unit: 'ms', range: [min, max] },
  ]
}
