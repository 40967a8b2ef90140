import { parser } from '@prometheus-io/lezer-promql'

/** Series that a query reads, as it names them. */
export interface ReadSelector {
  /** As it stands in the query, without its window. */
  text: string
  /** Absent where the query names none, or a pattern. */
  metric?: string
  /** Labels that must have one of these values. */
  labels: { name: string; values: string[] }[]
  /** Of `[5m]` behind it; 0 where only the last sample counts. */
  windowSeconds: number
  /** How often it is read for one point of the answer: more than once in a subquery. */
  times: number
}

type Node = ReturnType<typeof parser.parse>['topNode']

/** Of Prometheus, where a subquery names no step. */
const SUBQUERY_STEP_SECONDS = 60

/** All that a query reads, by Prometheus' own grammar; undefined for what is no query, which Prometheus refuses itself. */
export function readSelectors(promql: string): ReadSelector[] | undefined {
  const tree = parser.parse(promql)
  let isBroken = false
  tree.iterate({ enter: ({ type }) => void (isBroken ||= type.isError) })
  if (isBroken) return undefined
  const found: ReadSelector[] = []
  const text = (node: Node): string => promql.slice(node.from, node.to)

  function walk(node: Node, windowSeconds: number, times: number): void {
    if (node.name === 'VectorSelector') {
      found.push({ text: text(node), ...selectorOf(node, text), windowSeconds, times })
      return
    }
    if (node.name === 'MatrixSelector') {
      const window = seconds(durationsOf(node, text)[0] ?? '')
      for (const child of childrenOf(node)) walk(child, window, times)
      return
    }
    if (node.name === 'SubqueryExpr') {
      const [range = '', step = ''] = durationsOf(node, text)
      const points = Math.max(1, Math.ceil(seconds(range) / (seconds(step) || SUBQUERY_STEP_SECONDS)))
      for (const child of childrenOf(node)) walk(child, windowSeconds, times * points)
      return
    }
    for (const child of childrenOf(node)) walk(child, windowSeconds, times)
  }
  walk(tree.topNode, 0, 1)
  return found
}

function selectorOf(node: Node, text: (node: Node) => string): Pick<ReadSelector, 'metric' | 'labels'> {
  const labels: ReadSelector['labels'] = []
  let metric: string | undefined
  for (const child of childrenOf(node)) {
    if (child.name === 'Identifier') metric = text(child)
    if (child.name !== 'LabelMatchers') continue
    for (const matcher of childrenOf(child)) {
      const [name, op, value] = childrenOf(matcher)
      if (name === undefined || op === undefined || value === undefined) continue
      const values = valuesOf(text(op), text(value))
      if (values === undefined) continue
      if (text(name) === '__name__') metric = values.length === 1 ? values[0] : metric
      else labels.push({ name: text(name), values })
    }
  }
  return { ...(metric === undefined ? {} : { metric }), labels }
}

/** Of `="a"`, and of `=~"a|b"` where the pattern is no more than that. */
function valuesOf(op: string, literal: string): string[] | undefined {
  const value = literal.slice(1, -1).replaceAll(/\\(.)/g, '$1')
  if (op === '=') return value === '' ? undefined : [value]
  if (op !== '=~') return undefined
  const parts = value.split('|').map((part) => part.replaceAll(/\\([.+*?()|[\]{}^$])/g, '\u0000$1'))
  if (parts.some((part) => part === '' || /(?<!\u0000)[.+*?()[\]{}^$\\]/.test(part))) return undefined
  return parts.map((part) => part.replaceAll('\u0000', ''))
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = []
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child)
  return children
}

const durationsOf = (node: Node, text: (node: Node) => string): string[] =>
  childrenOf(node)
    .filter(({ name }) => /Duration/.test(name))
    .map(text)

const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
}

/** `1h30m`, or a plain number of seconds. */
function seconds(duration: string): number {
  if (/^[\d.]+$/.test(duration)) return Number(duration)
  return [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count = '0', unit = 's']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  )
}
