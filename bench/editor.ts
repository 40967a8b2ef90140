import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { addressIn } from './demo-start.ts'
import type { Measurement } from './measurement.ts'
import { launchBrowser, stop } from './processes.ts'
import { summarize } from './statistics.ts'

const ROOT = join(import.meta.dirname, '..')
const RUNS = 7
const ASK_AGAIN_MS = 250
const MAX_ASKS = 40
const OBJECT = 'meshes/shop/virtual-services/shop/reviews'

/** From the press of the button to the list of completions: the editor's code, the object and its schema have come by then. */
export const editor: Measurement = {
  name: 'editor',
  what: 'From “Edit YAML” to the list of completions in Chromium, with nothing of the editor in the cache and once more',
  async run() {
    const browser = await launchBrowser()
    const child = spawn(process.execPath, ['scripts/start.ts', '--no-open', '--port', '0'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const first: number[] = []
    const again: number[] = []
    try {
      const url = await addressIn(child.stdout)
      for (let run = 0; run < RUNS; run++) {
        const page = await objectPage(browser, url)
        first.push(await completions(page))
        // With nothing typed nobody asks whether to leave.
        await page.keyboard.press('Escape')
        await page.keyboard.press('Control+z')
        await page.goBack()
        again.push(await completions(page))
        await page.context().close()
      }
    } finally {
      await stop(child)
      await browser.close()
    }
    return [
      { what: 'nothing cached: median', ...figure(first), aim: 500 },
      { what: 'opened again: median', ...figure(again) },
    ]
  },
}

function figure(times: readonly number[]) {
  const { median, min, max } = summarize(times)
  return { value: median, unit: 'ms' as const, range: [min, max] as const }
}

async function objectPage(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  await page.goto(`${url}${OBJECT}?cluster=east-1`)
  return page
}

/** Milliseconds until the completions of a field below `spec` are shown. */
async function completions(page: Page): Promise<number> {
  const button = page.getByRole('button', { name: 'Edit YAML' })
  await button.waitFor()
  const began = performance.now()
  await button.click()
  const content = page.getByRole('textbox', { name: 'YAML', exact: false })
  await content.click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('  e')
  const option = page.locator('.cm-tooltip-autocomplete li').first()
  // Until the schema has come there is nothing to offer; asking again at once would only begin anew.
  const isShown = (): Promise<boolean> =>
    option.waitFor({ timeout: ASK_AGAIN_MS }).then(
      () => true,
      () => false,
    )
  for (let ask = 0; ask < MAX_ASKS; ask++) {
    if (await isShown()) return performance.now() - began
    await page.keyboard.press('Control+Space')
  }
  throw new Error('no completions are offered')
}
