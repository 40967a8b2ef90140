import { ExpressionError, parseExpression, type Expression } from '@meshdeck/mesh'

/** An expression, or why it cannot be read; neither when nothing was written. */
export interface ReadExpression {
  expression?: Expression | undefined
  error?: ExpressionError
}

/** Reads what somebody typed, or what a link says. Never throws. */
export function readExpression(text: string): ReadExpression {
  try {
    return { expression: parseExpression(text) }
  } catch (error) {
    if (error instanceof ExpressionError) return { error }
    throw error
  }
}
