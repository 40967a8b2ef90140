import { STEP_CODES } from '@meshdeck/mesh'
import { expect, it } from 'vitest'
import en from '../locales/en-US/explain.json' with { type: 'json' }

type Words = { [key: string]: string | Words }
const flatten = (words: Words, prefix = ''): string[] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : flatten(value, `${prefix}${key}.`),
  )

/** Chinese has the same keys, which another test holds. */
it('has words for every step of an explanation, and none left over', () => {
  expect(flatten(en.steps).toSorted()).toEqual(STEP_CODES.toSorted())
})
