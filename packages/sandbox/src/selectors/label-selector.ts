import { StatusError } from '../api/status-error.ts'
import { isRecord, listAt, recordAt } from '../json.ts'

type Labels = Readonly<Record<string, string>>
export type LabelPredicate = (labels: Labels) => boolean

const KEY = String.raw`(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?`
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/
const MAX_VALUE = 63
const SET = new RegExp(String.raw`^\s*(${KEY})\s+(in|notin)\s*\(([^()]*)\)\s*$`)
const EQUALITY = new RegExp(String.raw`^\s*(${KEY})\s*(==|=|!=)\s*([^\s,=!()]*)\s*$`)
const EXISTS = new RegExp(String.raw`^\s*(!?)\s*(${KEY})\s*$`)

/**
 * Reads a label selector in its text form.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 *
 * @throws StatusError 400 when it cannot be read.
 */
export function parseLabelSelector(text: string): LabelPredicate {
  if (text.trim() === '') return () => true
  const predicates = splitAtTop(text).map(requirement)
  return (labels) => predicates.every((predicate) => predicate(labels))
}

/** A `LabelSelector` object on labels; an empty one selects everything, a missing one nothing. */
export function matchesLabelSelector(selector: unknown, labels: Labels): boolean {
  if (!isRecord(selector)) return false
  for (const [key, value] of Object.entries(recordAt(selector, 'matchLabels'))) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false
  }
  return listAt(selector, 'matchExpressions').every((expression) => {
    const { key, operator } = recordAt({ expression }, 'expression')
    const name = String(key)
    const has = Object.hasOwn(labels, name)
    const isIn = has && listAt(expression, 'values').includes(labels[name])
    switch (operator) {
      case 'In':
        return isIn
      case 'NotIn':
        return !isIn
      case 'Exists':
        return has
      default:
        return operator === 'DoesNotExist' && !has
    }
  })
}

/** At commas that are not inside parentheses. */
function splitAtTop(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index))
      start = index + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

function requirement(text: string): LabelPredicate {
  const set = SET.exec(text)
  if (set) {
    const key = set[1] ?? ''
    const values = new Set((set[5] ?? '').split(',').map((value) => checkedValue(key, value.trim())))
    const wanted = set[4] === 'in'
    return (labels) => (Object.hasOwn(labels, key) && values.has(labels[key] ?? '')) === wanted
  }
  const equality = EQUALITY.exec(text)
  if (equality) {
    const key = equality[1] ?? ''
    const value = checkedValue(key, equality[5] ?? '')
    if (equality[4] === '!=') return (labels) => !Object.hasOwn(labels, key) || labels[key] !== value
    return (labels) => Object.hasOwn(labels, key) && labels[key] === value
  }
  const exists = EXISTS.exec(text)
  if (exists) {
    const key = exists[2] ?? ''
    const wanted = exists[1] !== '!'
    return (labels) => Object.hasOwn(labels, key) === wanted
  }
  throw new StatusError(
    400,
    'BadRequest',
    `unable to parse requirement: found '${text.trim()}', expected: a requirement`,
  )
}

function checkedValue(key: string, value: string): string {
  if (value.length <= MAX_VALUE && VALUE.test(value)) return value
  throw new StatusError(
    400,
    'BadRequest',
    `unable to parse requirement: values[0][${key}]: Invalid value: "${value}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
  )
}
