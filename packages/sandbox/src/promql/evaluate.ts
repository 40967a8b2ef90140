import { aggregate } from './aggregate.ts'
import { scalarBinary, scalarWithVector, vectorBinary, vectorSet } from './binary.ts'
import { call } from './call.ts'
import type { Column } from './columns.ts'
import { distinct, mapColumn } from './columns.ts'
import type { Expression } from './expression.ts'
import { SET_OPERATORS } from './expression.ts'
import { withoutName } from './labels.ts'
import { PromqlError } from './promql-error.ts'
import type { Evaluation, Value } from './evaluation.ts'
import { checkDeadline, vectorOf } from './evaluation.ts'
import { selectInstant } from './select.ts'

/** Evaluates an expression that is no range vector. @throws PromqlError */
export function evaluate(expression: Expression, evaluation: Evaluation): Value {
  checkDeadline(evaluation)
  switch (expression.type) {
    case 'number':
      return { type: 'scalar', values: new Float64Array(evaluation.times.length).fill(expression.value) }
    case 'string':
      return { type: 'string', value: expression.value }
    case 'selector':
      return { type: 'vector', columns: selectInstant(expression, evaluation) }
    case 'unary': {
      const value = evaluate(expression.operand, evaluation)
      if (!expression.negative) return value
      if (value.type === 'scalar') return { type: 'scalar', values: value.values.map((number) => -number) }
      if (value.type === 'string') return value
      const columns = value.columns.map((column) => mapColumn(column, withoutName(column.labels), (number) => -number))
      return { type: 'vector', columns: distinct(columns) }
    }
    case 'binary': {
      const left = evaluate(expression.left, evaluation)
      const right = evaluate(expression.right, evaluation)
      if (left.type === 'scalar' && right.type === 'scalar') {
        return { type: 'scalar', values: scalarBinary(expression, left.values, right.values) }
      }
      return { type: 'vector', columns: distinct(binaryColumns(expression, left, right)) }
    }
    case 'aggregation': {
      const operand = vectorOf(evaluate(expression.operand, evaluation))
      const parameter = expression.parameter === undefined ? undefined : evaluate(expression.parameter, evaluation)
      const numbers = parameter?.type === 'scalar' ? parameter.values : undefined
      const text = parameter?.type === 'string' ? parameter.value : undefined
      if (text !== undefined && !/^[a-zA-Z_]\w*$/.test(text)) {
        throw new PromqlError('execution', `invalid label name "${text}"`)
      }
      return { type: 'vector', columns: aggregate(expression, operand, numbers, text) }
    }
    case 'call':
      return call(expression, evaluation)
    default:
      throw new PromqlError(
        'bad_data',
        'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
      )
  }
}

function binaryColumns(expression: Expression & { type: 'binary' }, left: Value, right: Value): readonly Column[] {
  if (left.type === 'scalar') return scalarWithVector(expression, vectorOf(right), left.values, true)
  if (right.type === 'scalar') return scalarWithVector(expression, vectorOf(left), right.values, false)
  const [a, b] = [vectorOf(left), vectorOf(right)]
  return SET_OPERATORS.has(expression.operator) ? vectorSet(expression, a, b) : vectorBinary(expression, a, b)
}
