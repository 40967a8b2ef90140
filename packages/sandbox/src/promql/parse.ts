import { parser } from '@prometheus-io/lezer-promql'
import type { SyntaxNode } from '@lezer/common'
import type { Aggregation, Binary, Expression, Matching, TimeShift } from './expression.ts'
import { COMPARISONS, SET_OPERATORS, typeOf } from './expression.ts'
import { checkCall, isFunction, returnTypeOf } from './function-types.ts'
import { parseDuration, parseNumber, parseString } from './literals.ts'
import { parseError } from './promql-error.ts'
import type { Matcher } from './series-source.ts'

/** Of Prometheus when a subquery names no step. */
const DEFAULT_STEP_MS = 60_000
const MAX_LENGTH = 100_000
const MAX_DEPTH = 200
const NO_SHIFT: TimeShift = { offsetMs: 0 }
const NO_MATCHING: Matching = { on: false, labels: [], include: [] }
const WITH_PARAMETER = new Set(['topk', 'bottomk', 'quantile', 'count_values'])
const AGGREGATIONS = new Set(['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar', ...WITH_PARAMETER])
const OPERATORS = new Set(['+', '-', '*', '/', '%', '^', 'atan2', ...COMPARISONS, ...SET_OPERATORS])

/**
 * Reads a query by Prometheus' own grammar into the part of the language that is evaluated here.
 *
 * @throws PromqlError for what is no query, and for what is one but not supported, by name.
 */
export function parseQuery(text: string): Expression {
  if (text.trim() === '') throw parseError('no expression found in input')
  if (text.length > MAX_LENGTH) throw parseError(`the query is longer than ${MAX_LENGTH} characters`)
  const tree = parser.parse(text)
  tree.iterate({
    enter: (node) => {
      if (!node.type.isError) return
      const line = text.slice(0, node.from).split('\n')
      const found = text.slice(node.from, node.to)
      const what = found === '' ? 'unexpected end of input' : `unexpected ${JSON.stringify(found)}`
      throw parseError(`${line.length}:${(line.at(-1)?.length ?? 0) + 1}: ${what}`)
    },
  })
  const root = tree.topNode.firstChild
  if (root === null) throw parseError('no expression found in input')
  return new Reader(text).expression(root, 0)
}

class Reader {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  expression(node: SyntaxNode, depth: number): Expression {
    if (depth > MAX_DEPTH) throw parseError(`the query nests deeper than ${MAX_DEPTH} levels`)
    const next = (child: SyntaxNode | null): Expression => {
      if (child === null) throw parseError('unexpected end of input')
      return this.expression(child, depth + 1)
    }
    switch (node.name) {
      case 'NumberDurationLiteral':
        return { type: 'number', value: parseNumber(this.#of(node)) }
      case 'StringLiteral':
        return { type: 'string', value: parseString(this.#of(node)) }
      case 'ParenExpr':
        return next(node.firstChild)
      case 'UnaryExpr':
        return this.#unary(node, next)
      case 'VectorSelector':
        return { type: 'selector', matchers: this.#matchers(node), shift: NO_SHIFT }
      case 'MatrixSelector': {
        const selector = next(node.firstChild)
        if (selector.type !== 'selector') throw parseError('ranges only allowed for vector selectors')
        return { type: 'matrix', selector, rangeMs: this.#duration(node.getChild('DurationExpr')) }
      }
      case 'SubqueryExpr': {
        const [range, step] = node.getChildren('DurationExpr')
        const operand = next(node.firstChild)
        if (typeOf(operand, returnTypeOf) !== 'vector' && typeOf(operand, returnTypeOf) !== 'scalar') {
          throw parseError(`subquery is only allowed on instant vector, got ${typeOf(operand, returnTypeOf)} instead`)
        }
        const stepMs = step === undefined ? DEFAULT_STEP_MS : this.#duration(step)
        return { type: 'subquery', operand, rangeMs: this.#duration(range ?? null), stepMs, shift: NO_SHIFT }
      }
      case 'OffsetExpr':
        return this.#offset(node, next(node.firstChild))
      case 'StepInvariantExpr':
        return this.#at(node, next(node.firstChild))
      case 'BinaryExpr':
        return this.#binary(node, next)
      case 'AggregateExpr':
        return this.#aggregation(node, next)
      case 'FunctionCall': {
        const name = this.#of(node.getChild('FunctionIdentifier'))
        if (!isFunction(name))
          throw parseError(`unknown function with name "${name}", or one that is not supported here`)
        const args = children(node.getChild('FunctionCallBody')).map(next)
        checkCall(name, args)
        return { type: 'call', name, args }
      }
      default:
        throw parseError(`${node.name} is not supported here: ${JSON.stringify(this.#of(node))}`)
    }
  }

  #of(node: SyntaxNode | null): string {
    return node === null ? '' : this.#text.slice(node.from, node.to)
  }

  #duration(node: SyntaxNode | null): number {
    const milliseconds = parseDuration(this.#of(node))
    if (milliseconds <= 0) throw parseError('duration must be greater than 0')
    return milliseconds
  }

  #matchers(node: SyntaxNode): Matcher[] {
    const name = node.getChild('Identifier')
    const found: Matcher[] = name === null ? [] : [{ name: '__name__', op: '=', value: this.#of(name) }]
    for (const matcher of children(node.getChild('LabelMatchers'))) {
      const value = matcher.getChildren('StringLiteral').at(-1)
      if (matcher.name === 'QuotedLabelName') {
        found.push({ name: '__name__', op: '=', value: parseString(this.#of(matcher)) })
        continue
      }
      const quoted = matcher.getChild('QuotedLabelName')
      const label = quoted === null ? this.#of(matcher.getChild('LabelName')) : parseString(this.#of(quoted))
      if (value === undefined) throw parseError(`no value for label ${label}`)
      const op = this.#of(matcher.getChild('MatchOp'))
      if (op !== '=' && op !== '!=' && op !== '=~' && op !== '!~') throw parseError(`unknown matcher ${op}`)
      if (name !== null && label === '__name__') throw parseError(`metric name must not be set twice`)
      found.push({ name: label, op, value: parseString(this.#of(value)) })
    }
    if (found.every(matchesEmpty)) throw parseError('vector selector must contain at least one non-empty matcher')
    return found
  }

  #unary(node: SyntaxNode, next: (child: SyntaxNode | null) => Expression): Expression {
    const operand = next(node.lastChild)
    const type = typeOf(operand, returnTypeOf)
    if (type !== 'scalar' && type !== 'vector') {
      throw parseError(`unary expression only allowed on expressions of type scalar or instant vector, got "${type}"`)
    }
    return { type: 'unary', negative: this.#of(node.getChild('UnaryOp')) === '-', operand }
  }

  #offset(node: SyntaxNode, operand: Expression): Expression {
    const written = this.#of(node.getChild('OffsetDurationExpr')).replaceAll(/\s/g, '')
    const negative = written.startsWith('-')
    const offsetMs = parseDuration(written.replace(/^[+-]/, '')) * (negative ? -1 : 1)
    return shifted(
      operand,
      (shift) => {
        if (shift.offsetMs !== 0) throw parseError('offset may not be set multiple times')
        return { ...shift, offsetMs }
      },
      'offset modifier',
    )
  }

  #at(node: SyntaxNode, operand: Expression): Expression {
    const literal = node.getChild('NumberDurationLiteral')
    const edge = this.#of(node.getChild('AtModifierPreprocessors'))
    const text = this.#text.slice(node.getChild('At')?.to ?? node.to, node.to).replaceAll(/\s/g, '')
    const at =
      edge === 'start' || edge === 'end'
        ? edge
        : Math.round((literal === null ? Number(text) : parseNumber(text)) * 1_000)
    if (typeof at === 'number' && !Number.isSafeInteger(at))
      throw parseError(`timestamp out of bounds for @ modifier: ${text}`)
    return shifted(
      operand,
      (shift) => {
        if (shift.at !== undefined) throw parseError('@ <timestamp> may not be set multiple times')
        return { ...shift, at }
      },
      '@ modifier',
    )
  }

  #binary(node: SyntaxNode, next: (child: SyntaxNode | null) => Expression): Expression {
    const [left, right] = [next(node.firstChild), next(node.lastChild)]
    let operator = ''
    for (const child of children(node))
      if (OPERATORS.has(this.#of(child).toLowerCase())) operator = this.#of(child).toLowerCase()
    if (operator === '') throw parseError('unknown operator in a binary expression')
    const returnsBool = node.getChild('BoolModifier') !== null
    const clause = node.getChild('MatchingModifierClause')
    const types = [typeOf(left, returnTypeOf), typeOf(right, returnTypeOf)]
    if (types.some((type) => type !== 'scalar' && type !== 'vector')) {
      throw parseError('binary expression must contain only scalar and instant vector types')
    }
    const scalars = types.filter((type) => type === 'scalar').length
    if (returnsBool && !COMPARISONS.has(operator))
      throw parseError('bool modifier can only be used on comparison operators')
    if (scalars === 2 && COMPARISONS.has(operator) && !returnsBool) {
      throw parseError('comparisons between scalars must use BOOL modifier')
    }
    if (scalars > 0 && SET_OPERATORS.has(operator)) {
      throw parseError(`set operator "${operator}" not allowed in binary scalar expression`)
    }
    if (scalars > 0 && clause !== null) throw parseError('vector matching only allowed between instant vectors')
    const matching = clause === null ? NO_MATCHING : this.#matching(clause)
    if (matching.group !== undefined && SET_OPERATORS.has(operator)) {
      throw parseError(`no grouping allowed for "${operator}" operation`)
    }
    for (const label of matching.on ? matching.include : []) {
      if (matching.labels.includes(label))
        throw parseError(`label "${label}" must not occur in ON and GROUP clause at once`)
    }
    const binary: Binary = { type: 'binary', operator, left, right, returnsBool, matching }
    // A sign binds less than a power: -1 ^ 2 is -(1 ^ 2), though the grammar takes the sign for a part of the number.
    return operator === '^' && left.type === 'number' && this.#of(node.firstChild).startsWith('-')
      ? { type: 'unary', negative: true, operand: { ...binary, left: { ...left, value: -left.value } } }
      : binary
  }

  #matching(clause: SyntaxNode): Matching {
    const [labels, include] = clause.getChildren('GroupingLabels')
    const group =
      clause.getChild('GroupLeft') !== null ? 'left' : clause.getChild('GroupRight') !== null ? 'right' : undefined
    return {
      on: clause.getChild('On') !== null,
      labels: this.#labels(labels),
      ...(group === undefined ? {} : { group }),
      include: this.#labels(include),
    }
  }

  #labels(node: SyntaxNode | undefined): string[] {
    return children(node ?? null).map((label) =>
      label.name === 'QuotedLabelName' ? parseString(this.#of(label)) : this.#of(label),
    )
  }

  #aggregation(node: SyntaxNode, next: (child: SyntaxNode | null) => Expression): Aggregation {
    const operator = this.#of(node.getChild('AggregateOp')).toLowerCase()
    if (!AGGREGATIONS.has(operator)) throw parseError(`the aggregation "${operator}" is not supported here`)
    const args = children(node.getChild('FunctionCallBody')).map(next)
    const wanted = WITH_PARAMETER.has(operator) ? 2 : 1
    if (args.length !== wanted) {
      throw parseError(
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      )
    }
    const operand = args.at(-1)
    const parameter = wanted === 2 ? args[0] : undefined
    if (operand === undefined || typeOf(operand, returnTypeOf) !== 'vector') {
      throw parseError(
        `expected type instant vector in aggregation expression, got ${operand === undefined ? 'nothing' : typeOf(operand, returnTypeOf)}`,
      )
    }
    const parameterType = operator === 'count_values' ? 'string' : 'scalar'
    if (parameter !== undefined && typeOf(parameter, returnTypeOf) !== parameterType) {
      throw parseError(
        `expected type ${parameterType} in aggregation parameter, got ${typeOf(parameter, returnTypeOf)}`,
      )
    }
    const modifier = node.getChild('AggregateModifier')
    return {
      type: 'aggregation',
      operator,
      operand,
      ...(parameter === undefined ? {} : { parameter }),
      without: modifier?.getChild('Without') !== null && modifier !== null,
      labels: this.#labels(modifier?.getChild('GroupingLabels') ?? undefined),
    }
  }
}

function children(node: SyntaxNode | null): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node?.firstChild ?? null; child !== null; child = child.nextSibling) found.push(child)
  return found
}

function shifted(operand: Expression, change: (shift: TimeShift) => TimeShift, what: string): Expression {
  switch (operand.type) {
    case 'selector':
    case 'subquery':
      return { ...operand, shift: change(operand.shift) }
    case 'matrix':
      return { ...operand, selector: { ...operand.selector, shift: change(operand.selector.shift) } }
    default:
      throw parseError(`${what} must be preceded by an instant vector selector or range vector selector or a subquery`)
  }
}

/** Whether a matcher lets a series through that has no such label; whatever does for sure selects nothing in particular. */
function matchesEmpty({ op, value }: Matcher): boolean {
  if (op === '=') return value === ''
  if (op === '!=') return value !== ''
  const empty = value === '' || value === '.*' || value.split('|').includes('')
  return op === '=~' ? empty : !empty
}
