/** Rules of names. Source: k8s.io/apimachinery/pkg/util/validation. */
import type { Cause } from './invalid-error.ts'
import { invalid } from './invalid-error.ts'

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/
const QUALIFIED = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const LABEL_VALUE = /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

const SUBDOMAIN_MESSAGE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const LABEL_MESSAGE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const QUALIFIED_MESSAGE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const LABEL_VALUE_MESSAGE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

const LABEL_LENGTH = 63
const SUBDOMAIN_LENGTH = 253

/** How a kind's name must be written. `path`: anything that can stand in a URL, as RBAC's names. */
export type NameRule = 'subdomain' | 'label' | 'path'

export function nameProblem(name: string, rule: NameRule): string | undefined {
  switch (rule) {
    case 'path':
      if (name === '.' || name === '..') return `may not be '${name}'`
      return name.includes('/') ? "may not contain '/'" : name.includes('%') ? "may not contain '%'" : undefined
    case 'label':
      return name.length > LABEL_LENGTH ? tooLong(LABEL_LENGTH) : LABEL.test(name) ? undefined : LABEL_MESSAGE
    default:
      return name.length > SUBDOMAIN_LENGTH
        ? tooLong(SUBDOMAIN_LENGTH)
        : SUBDOMAIN.test(name)
          ? undefined
          : SUBDOMAIN_MESSAGE
  }
}

export function labelCauses(labels: Readonly<Record<string, unknown>>, field: string): Cause[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const causes = keyCauses(key, field)
    const text = String(value)
    if (text.length > LABEL_LENGTH) causes.push(invalid(field, text, `must be no more than ${LABEL_LENGTH} bytes`))
    else if (!LABEL_VALUE.test(text)) causes.push(invalid(field, text, LABEL_VALUE_MESSAGE))
    return causes
  })
}

export function keyCauses(key: string, field: string): Cause[] {
  const slash = key.lastIndexOf('/')
  const prefix = slash < 0 ? undefined : key.slice(0, slash)
  const name = key.slice(slash + 1)
  if (prefix !== undefined) {
    const problem = prefix === '' ? 'prefix part must be non-empty' : nameProblem(prefix, 'subdomain')
    if (problem !== undefined) return [invalid(field, key, prefix === '' ? problem : `prefix part ${problem}`)]
  }
  if (name === '') return [invalid(field, key, 'name part must be non-empty'), invalid(field, key, QUALIFIED_MESSAGE)]
  if (name.length > LABEL_LENGTH) return [invalid(field, key, `name part must be no more than ${LABEL_LENGTH} bytes`)]
  return QUALIFIED.test(name) ? [] : [invalid(field, key, QUALIFIED_MESSAGE)]
}

function tooLong(length: number): string {
  return `must be no more than ${length} characters`
}
