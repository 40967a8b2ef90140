import { durationFault, parseDuration } from './durations.ts'
import { isHostOrAddress, isLabel, isWildcardDomain } from './hosts.ts'

const MAX_PORT = 65_535
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/
const IPV6 = /^[\da-fA-F:]*:[\da-fA-F:.]*(?:\/\d{1,3})?$/

function isAddress(text: string): boolean {
  const [, ...parts] = IPV4.exec(text) ?? []
  const [a, b, c, d, length] = parts.map((part) => (part === undefined ? 0 : Number(part)))
  if (parts.length > 0) return [a, b, c, d].every((byte = 0) => byte <= 255) && (length ?? 0) <= 32
  return IPV6.test(text)
}

/** Hosts of a gateway may begin with a namespace: `shop/*.example.com`. Source: Istio, `validateNamespaceSlashWildcardHostname`. */
function isScopedHost(text: string): boolean {
  const [scope = '', host] = text.split('/')
  if (host === undefined) return isHostOrAddress(text)
  return (scope === '*' || scope === '.' || scope === '~' || isLabel(scope)) && isWildcardDomain(host)
}

function isUrl(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol)
  } catch {
    return false
  }
}

/**
 * What istiod holds against a text, as far as it is told while typing; the dry run has the last word. Each gives the key of
 * its words below `rules.` of the locale `forms`. Source: Istio, pkg/config/validation.
 */
export const RULES = {
  duration: (text: string) => durationFault(text),
  /** Nothing at all is a time too, such as that of a cookie of the session. */
  zeroDuration: (text: string) => (parseDuration(text) === 0 ? undefined : durationFault(text)),
  host: (text: string) => (isWildcardDomain(text) && text !== '*' ? undefined : 'host'),
  anyHost: (text: string) => (isWildcardDomain(text) ? undefined : 'host'),
  hostOrAddress: (text: string) => (isHostOrAddress(text) ? undefined : 'host'),
  scopedHost: (text: string) => (isScopedHost(text) ? undefined : 'scopedHost'),
  name: (text: string) => (NAME.test(text) ? undefined : 'name'),
  label: (text: string) => (isLabel(text) ? undefined : 'name'),
  labelKey: (text: string) => (LABEL_KEY.test(text) ? undefined : 'labelKey'),
  address: (text: string) => (isAddress(text) ? undefined : 'address'),
  port: (text: string) =>
    /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_PORT ? undefined : 'port',
  url: (text: string) => (isUrl(text) ? undefined : 'url'),
} as const satisfies Record<string, (text: string) => string | undefined>

export type RuleName = keyof typeof RULES
