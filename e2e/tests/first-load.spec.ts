import { gzipSync } from 'node:zlib'
import { MESH } from '../support/fleet.ts'
import { expect, test } from '../support/test.ts'

/** Bytes after gzip -9; bench/first-load.ts shows what they are made of. */
const LIMIT = 390_000

for (const [path, ready] of [
  ['/meshes', 'article h2 a'],
  [`/meshes/${MESH}/virtual-services`, 'tbody a'],
] as const) {
  test(`the JavaScript until ${path} can be used stays below ${LIMIT / 1000} KB`, async ({ page }) => {
    const scripts: Promise<Buffer>[] = []
    page.on('response', (response) => {
      if (new URL(response.url()).pathname.endsWith('.js')) scripts.push(response.body())
    })
    await page.goto(path)
    await expect(page.locator(ready).first()).toBeVisible()
    const sizes = (await Promise.all(scripts)).map((body) => gzipSync(body, { level: 9 }).length)
    expect(sizes.length).toBeGreaterThan(10)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(LIMIT)
  })
}
