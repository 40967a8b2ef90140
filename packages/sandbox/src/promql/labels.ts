import type { Labels } from './series-source.ts'

const keys = new WeakMap<Labels, string>()

/** A text that is the same for equal label sets, and only for them. */
export function labelsKey(labels: Labels): string {
  let key = keys.get(labels)
  if (key === undefined) {
    key = Object.keys(labels)
      .toSorted()
      .map((name) => `${name}\u0001${labels[name] ?? ''}`)
      .join('\u0002')
    keys.set(labels, key)
  }
  return key
}

/** The same for some of the labels. */
export function keyOf(labels: Labels, names: readonly string[]): string {
  let key = ''
  for (const name of names) key += `${labels[name] ?? ''}\u0002`
  return key
}

export function withoutName(labels: Labels): Labels {
  return '__name__' in labels ? without(labels, NAME) : labels
}

const NAME: ReadonlySet<string> = new Set(['__name__'])

export function without(labels: Labels, names: ReadonlySet<string>): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.has(name)))
}

export function only(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(names.flatMap((name) => (labels[name] ? [[name, labels[name]] as const] : [])))
}

/** As Prometheus shows a label set: `{a="b", c="d"}`. */
export function shownLabels(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels
  const pairs = Object.keys(rest)
    .toSorted()
    .map((label) => `${label}=${JSON.stringify(rest[label])}`)
  return pairs.length === 0 && name !== '' ? name : `${name}{${pairs.join(', ')}}`
}
