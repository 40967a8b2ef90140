import { CHECK_FINDINGS, UNREAD } from '@meshdeck/mesh'
import { expect, it } from 'vitest'
import en from '../../locales/en-US/preflight.json' with { type: 'json' }

type Words = { [key: string]: string | Words }
const flatten = (words: Words, prefix = ''): string[] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : flatten(value, `${prefix}${key}.`),
  )
const withoutForms = (keys: readonly string[]) => [...new Set(keys.map((key) => key.replace(/_(one|other)$/, '')))]

/** Findings that need no cure: they pass. */
const FINE = new Set([
  'ownRights.all',
  'charts.notNeeded',
  'charts.found',
  'reach.answers',
  'kubernetes.fits',
  'rights.all',
  'engine.helmReady',
  'engine.sailReady',
  'images.runs',
  'images.onNode',
  'definitions.none',
  'definitions.ours',
  'definitions.there',
  'istio.none',
  'admission.none',
  'admission.served',
  'capacity.fits',
  'clock.agree',
  'clock.serverAgrees',
  'loadBalancer.notNeeded',
  'loadBalancer.served',
  'storage.notNeeded',
  'gateway.given',
  'gateway.has',
  'proxies.none',
  'proxies.fit',
  'trust.none',
  'trust.same',
  'addresses.apart',
  'addresses.distinct',
  'services.none',
  'services.same',
])
const findings = Object.entries(CHECK_FINDINGS).flatMap(([id, reasons]) => reasons.map((reason) => `${id}.${reason}`))

/** Chinese has the same keys, which another test holds. */
it('has a name for every check, words for every finding, a cure for those that do not pass, and none left over', () => {
  expect(Object.keys(en.names).toSorted()).toEqual(Object.keys(CHECK_FINDINGS).toSorted())
  expect(withoutForms(flatten(en.findings)).toSorted()).toEqual(findings.toSorted())
  expect(flatten(en.cures).toSorted()).toEqual(findings.filter((finding) => !FINE.has(finding)).toSorted())
  expect(Object.keys(en.unread).toSorted()).toEqual(UNREAD.toSorted())
  expect(Object.keys(en.unreadCures).toSorted()).toEqual(UNREAD.toSorted())
})
