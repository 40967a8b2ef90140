import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/** Both languages and both themes, each once. */
export const LOOKS = [
  { locale: 'en-US', colorScheme: 'light' },
  { locale: 'zh-CN', colorScheme: 'dark' },
] as const

/** WCAG 2.1, levels A and AA (https://www.w3.org/TR/WCAG21/). */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** What stands in the way of somebody who reads the page with other means: a line a rule, with the places that break it. */
export async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}
