import { RE2JS } from 're2js'
import { PromqlError } from './promql-error.ts'
import type { Labels, Matcher } from './series-source.ts'

const compiled = new Map<string, (value: string) => boolean>()
/** Patterns of people; those of a product are few. */
const KEPT = 1_000

/** Whether a label set passes all matchers; a missing label is an empty one. */
export function matchesAll(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => matchesValue(labels[matcher.name] ?? '', matcher))
}

export function matchesValue(value: string, { op, value: wanted }: Matcher): boolean {
  switch (op) {
    case '=':
      return value === wanted
    case '!=':
      return value !== wanted
    case '=~':
      return anchored(wanted)(value)
    default:
      return !anchored(wanted)(value)
  }
}

/** A predicate for a whole value (RE2). @throws PromqlError for what is no pattern. */
export function anchored(pattern: string): (value: string) => boolean {
  let matches = compiled.get(pattern)
  if (matches === undefined) {
    matches = compile(pattern)
    if (compiled.size >= KEPT) compiled.clear()
    compiled.set(pattern, matches)
  }
  return matches
}

function compile(pattern: string): (value: string) => boolean {
  // Alternatives without any sign of their own are what products write most.
  if (/^[-\w/ |]*$/.test(pattern)) {
    const values = new Set(pattern.split('|'))
    return (value) => values.has(value)
  }
  const expression = compileRegex(pattern)
  const known = new Map<string, boolean>()
  return (value) => {
    let found = known.get(value)
    if (found === undefined) known.set(value, (found = expression.matcher(value).matches()))
    return found
  }
}

/** @throws PromqlError */
export function compileRegex(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL)
  } catch (error) {
    throw new PromqlError('bad_data', `error parsing regexp: ${error instanceof Error ? error.message : String(error)}`)
  }
}
