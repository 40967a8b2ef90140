import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { addressIn } from './demo-start.ts'
import type { Figure, Measurement } from './measurement.ts'
import { launchBrowser, stop } from './processes.ts'
import { summarize } from './statistics.ts'
import { topologyOf, type PictureSize } from './topology-graph.ts'
import { nextFrames, observeWork, workOf } from './topology-work.ts'

const ROOT = join(import.meta.dirname, '..')
const RUNS = 5
const SMALL: PictureSize = { nodes: 500, edges: 1_350 }
const LARGE: PictureSize = { nodes: 1_000, edges: 3_000 }
const WINDOW = { width: 1600, height: 1000 }
const PAN_STEPS = 150
const REFRESHES = 200
/** Caches and compiled code have grown by then. */
const SETTLED = 40

/** The topology's page in a browser without a GPU. Its answers are given at once: only the page's own work is measured. */
export const topology: Measurement = {
  name: 'topology',
  what: 'The topology in Chromium without a GPU, its answers given at once: first picture, layout, moving it by hand, the longest task of the main thread, memory over many refreshes',
  async run() {
    const browser = await launchBrowser()
    const child = spawn(process.execPath, ['scripts/start.ts', '--no-open', '--port', '0'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const url = await addressIn(child.stdout)
      return [
        ...(await measurePicture(browser, url, SMALL)),
        ...(await measurePicture(browser, url, LARGE)),
        ...(await measureRefreshes(browser, url, SMALL)),
      ]
    } finally {
      await stop(child)
      await browser.close()
    }
  },
}

async function measurePicture(browser: Browser, url: string, size: PictureSize): Promise<Figure[]> {
  const name = `${size.nodes} nodes, ${size.edges} edges`
  const works: { picture: number; layout: number; opening: number; moving: number; frames: number }[] = []
  for (let run = 0; run <= RUNS; run++) {
    const page = await openTopology(browser, url, size)
    const opened = await workOf(page)
    const moved = await drag(page)
    // The first run fills the cache of compiled code.
    if (run > 0) works.push({ ...opened, opening: opened.longestTask, moving: moved.longestTask, frames: moved.frames })
    await page.context().close()
  }
  const of = (key: keyof (typeof works)[number]) => {
    const { median, min, max } = summarize(works.map((work) => work[key]))
    return { value: median, range: [min, max] as const }
  }
  return [
    { what: `${name}: from the answer to the picture`, ...of('picture'), unit: 'ms', aim: 1_500 },
    { what: `${name}: of it the layout, in its worker`, ...of('layout'), unit: 'ms', aim: 1_000 },
    { what: `${name}: longest task until then`, ...of('opening'), unit: 'ms', aim: 100 },
    { what: `${name}: frames a second while dragged`, ...of('frames'), unit: '' },
    { what: `${name}: longest task while dragged`, ...of('moving'), unit: 'ms', aim: 100 },
  ]
}

async function openTopology(browser: Browser, url: string, size: PictureSize): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-US', viewport: WINDOW, reducedMotion: 'reduce' })
  const page = await context.newPage()
  let turn = 0
  await page.route(/\/api\/v1\/meshes\/[^/]+\/topology\?/, (route) =>
    route.fulfill({ json: topologyOf(size, turn++), headers: { 'timing-allow-origin': '*' } }),
  )
  await observeWork(page)
  await page.goto(`${url}meshes/shop/topology?view=service`)
  await page.waitForFunction(() => performance.getEntriesByName('picture').length > 0)
  return page
}

/** Drags the picture to and fro; gives frames a second and the longest task. */
async function drag(page: Page): Promise<{ frames: number; longestTask: number }> {
  const box = await page.locator('.md-topology-chart').boundingBox()
  if (!box) throw new Error('there is no picture')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.evaluate(() => performance.mark('dragged'))
  for (let step = 0; step < PAN_STEPS; step++) {
    const along = Math.sin(step / 12)
    await page.mouse.move(box.x + box.width * (0.5 + along * 0.3), box.y + box.height * (0.5 + along * 0.2))
  }
  await page.mouse.up()
  return workOf(page, 'dragged')
}

async function measureRefreshes(browser: Browser, url: string, size: PictureSize): Promise<Figure[]> {
  const page = await openTopology(browser, url, size)
  const devtools = await page.context().newCDPSession(page)
  const heap = async (): Promise<number> => {
    await devtools.send('HeapProfiler.collectGarbage')
    return (await devtools.send('Runtime.getHeapUsage')).usedSize / 1e6
  }
  const refresh = async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) {
      const answered = page.waitForResponse(/\/topology\?/)
      await page.getByRole('button', { name: 'Ask again now' }).click()
      await answered
      await nextFrames(page)
    }
  }
  await refresh(SETTLED)
  const before = await heap()
  await page.evaluate(() => performance.mark('refreshed'))
  await refresh(REFRESHES)
  const { longestTask } = await workOf(page, 'refreshed')
  const after = await heap()
  await page.context().close()
  const name = `${size.nodes} nodes, ${REFRESHES} refreshes`
  return [
    { what: `${name}: heap before`, value: before, unit: 'MB' },
    { what: `${name}: heap after`, value: after, unit: 'MB' },
    { what: `${name}: heap after against before`, value: after / before, unit: '×', aim: 1.05 },
    { what: `${name}: longest task`, value: longestTask, unit: 'ms', aim: 100 },
  ]
}
