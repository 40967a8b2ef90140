import { join } from 'node:path'
import type { Page } from '@playwright/test'

export interface Work {
  /** Milliseconds from the topology's answer to the frame that shows it. */
  picture: number
  /** Milliseconds that the layout's worker took, its start included. */
  layout: number
  /** Milliseconds of the longest task of the main thread; 50 when none was longer, since shorter ones are not told. */
  longestTask: number
  /** Frames a second. */
  frames: number
}

/** Lets a page take notes of its own work, from before its first script. */
export const observeWork = (page: Page): Promise<unknown> =>
  page.addInitScript({ path: join(import.meta.dirname, 'observe-page.js') })

/** What a page noted since a mark of its own, or since it began. */
export const workOf = (page: Page, mark = ''): Promise<Work> => page.evaluate<Work>(`observedWork('${mark}')`)

/** Until what was asked for before is on the screen. */
export const nextFrames = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
