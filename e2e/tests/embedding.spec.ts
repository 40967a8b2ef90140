import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { MESH } from '../support/fleet.ts'
import { expect, test } from '../support/test.ts'

const HOST_PAGE = join(import.meta.dirname, '../host-page')
/** The policy of docs/embedding.md, and the nonce of host-page/index.html. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'nonce-host-page'",
  "style-src-attr 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
].join('; ')

/** Every page of this origin becomes the host page; its files lie below /host-page/, all else is Meshdeck's. */
async function openHostPage(page: Page, path: string): Promise<void> {
  await page.route('**/*', (route) => {
    const request = route.request()
    const { pathname } = new URL(request.url())
    if (request.isNavigationRequest()) {
      return route.fulfill({
        path: join(HOST_PAGE, 'index.html'),
        headers: { 'content-type': 'text/html', 'content-security-policy': POLICY },
      })
    }
    if (pathname.startsWith('/host-page/')) return route.fulfill({ path: join(HOST_PAGE, pathname.slice(11)) })
    return route.fallback()
  })
  await page.goto(path)
}

/** What the host page is made of, the console's container left out. */
const hostPage = (page: Page) =>
  page.evaluate(() => {
    const look = (selector: string) => {
      const element = document.querySelector(selector)
      if (!element) throw new Error(`no ${selector}`)
      const { color, font, borderRadius, boxSizing, height } = getComputedStyle(element)
      return { color, font, borderRadius, boxSizing, height }
    }
    const attributes = (element: Element) => [...element.attributes].map(({ name, value }) => `${name}=${value}`)
    return {
      title: document.title,
      head: [...document.head.children].map((element) => element.outerHTML),
      body: [...document.body.children].map((element) => `${element.tagName} ${element.id}`),
      attributes: [...attributes(document.documentElement), ...attributes(document.body)].filter(
        (attribute) => !attribute.startsWith('data-path='),
      ),
      looks: ['html', 'body', '#host h1', '#host a', '#host button'].map(look),
    }
  })

const style = (page: Page, selector: string, property: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)

test('a host page and the console leave each other as they are', async ({ page }) => {
  await openHostPage(page, `/meshes/${MESH}/virtual-services`)
  await expect(page.getByRole('link', { name: 'frontend' })).toBeVisible()
  const guest = await hostPage(page)

  await test.step('the host’s rules do not reach the console', async () => {
    const box = '.meshdeck main .md-list'
    expect(await style(page, '.meshdeck', 'font-size')).toBe('13px')
    expect(await style(page, box, 'box-sizing')).toBe('border-box')
    for (const link of ['main table a', '.md-brand', '.md-top-bar nav a', '.md-side-menu a'])
      expect(await style(page, `.meshdeck ${link}`, 'color'), link).not.toBe('rgb(255, 0, 0)')
    for (const button of ['main button', '.md-bar-button'])
      expect(await style(page, `.meshdeck ${button}`, 'border-radius'), button).not.toBe('20px')
    const frame = await page.locator('.meshdeck').boundingBox()
    expect(frame).toMatchObject({ y: 60, width: 1440, height: 840 })
  })

  await test.step('what pops up stays in the container', async () => {
    await page.getByRole('button', { name: /: account$/ }).click()
    await expect(page.locator('#console').getByRole('menuitem', { name: 'Settings' })).toBeVisible()
    await page.keyboard.press('Escape')
    // Keys are the menu's own until it has gone.
    await expect(page.getByRole('menuitem', { name: 'Settings' })).toBeHidden()
    await page.getByRole('heading', { level: 1, name: 'Virtual services' }).focus()
    await page.keyboard.press('?')
    await expect(page.locator('#console').getByRole('dialog')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    expect((await hostPage(page)).body).toEqual(guest.body)
  })

  await test.step('what the host chooses is not offered again', async () => {
    for (const name of [/switch between light and dark/i, /切换到中文/])
      await expect(page.getByRole('button', { name })).toHaveCount(0)
  })

  await test.step('unmounting leaves the page as it was, and silent', async () => {
    const closed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/v1/events'))
    await page.getByRole('button', { name: 'Unmount' }).click()
    await closed
    await expect(page.locator('#console')).toBeEmpty()
    const left = await hostPage(page)
    expect(left).toMatchObject({ title: 'Host page', body: guest.body, looks: guest.looks })
    // Preloaded modules are links of the page's own module map; they hold no rule.
    expect(left.head.filter((element) => element.startsWith('<style'))).toEqual([])
    expect(left.attributes).toEqual(['lang=en'])
  })

  await test.step('a bare page looks no different to the host', async () => {
    const before = await hostPage(page)
    expect(before.looks).toEqual(guest.looks)
  })
})

test('the host mounts again, changes language and theme, and hears of navigation', async ({ page }) => {
  await openHostPage(page, `/meshes/${MESH}/services`)
  await page.getByRole('link', { name: 'Virtual services' }).click()
  await expect(page.getByRole('link', { name: 'frontend' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('data-path', `/meshes/${MESH}/virtual-services`)

  await page.getByRole('button', { name: 'Dark, Chinese' }).click()
  await expect(page.getByRole('link', { name: '虚拟服务' })).toBeVisible()
  await expect(page.locator('.meshdeck')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')

  await page.getByRole('button', { name: 'Unmount' }).click()
  await expect(page.locator('#console')).toBeEmpty()
  await page.getByRole('button', { name: 'Mount', exact: true }).click()
  await expect(page.getByRole('link', { name: 'frontend' })).toBeVisible()
  await expect(page).toHaveTitle('Host page')
})

test('editor and topology keep to the policy of the page', async ({ page }) => {
  await openHostPage(page, `/meshes/${MESH}/virtual-services/-create`)
  await expect(page.locator('#console .cm-editor').first()).toBeVisible()
  await page.locator('#console').getByRole('link', { name: 'Topology' }).click()
  await expect(page.locator('#console canvas').first()).toBeVisible()
  await page.getByRole('button', { name: 'Unmount' }).click()
  await expect(page.locator('#console')).toBeEmpty()
  // CodeMirror keeps its rules in the head for its next use; each begins with a class of a generated name.
  const rules = (await hostPage(page)).head.filter((element) => element.startsWith('<style'))
  for (const rule of rules.join('\n').matchAll(/^(?:<style[^>]*>)?([^{}@]+)\{/gm)) expect(rule[1]).toMatch(/^\.ͼ/)
})
