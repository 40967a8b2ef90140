/** Playwright's `test` with what every journey needs: a page that may not complain, and other people's sessions. */
import { expect, test as base, type Page } from '@playwright/test'
import type { PersonName } from '@meshdeck/lab'
import { testbed } from '../testbed/testbed.ts'

interface Fixtures {
  /** A page in a browser of its own, signed in with a person's bearer token. */
  pageOf: (person: PersonName) => Promise<Page>
}

/** A refused request is the journey's business; what the browser says of scripts, styles and policies never is. */
const EXPECTED = /^Failed to load resource: /

function watch(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
}

export const test = base.extend<Fixtures>({
  page: async ({ page }, provide) => {
    const complaints: string[] = []
    watch(page, complaints)
    await provide(page)
    expect(complaints, 'errors in the browser').toEqual([])
  },
  pageOf: async ({ browser, baseURL }, provide) => {
    const complaints: string[] = []
    const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = []
    await provide(async (person) => {
      const { people } = await testbed()
      const context = await browser.newContext(baseURL === undefined ? {} : { baseURL })
      contexts.push(context)
      const signedIn = await context.request.post('/api/v1/session', {
        data: { token: people[person].token },
        headers: { 'x-meshdeck-csrf': '1' },
      })
      expect(signedIn.ok(), `${person} signs in`).toBe(true)
      const page = await context.newPage()
      watch(page, complaints)
      return page
    })
    for (const context of contexts) await context.close()
    expect(complaints, 'errors in the browser').toEqual([])
  },
})

export { expect }
