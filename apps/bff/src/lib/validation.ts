import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { ProblemError } from './problem.ts'

type SchemaError = FastifySchemaValidationError

/**
 * Checks input by its schema. Text of paths and queries is converted; bodies are taken as they are and never changed,
 * since a field that a schema does not list must reach the cluster. Unknown and repeated query parameters are errors.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = (route) => {
  const validate = TypeBoxValidatorCompiler(route)
  const part = route.httpPart === 'querystring' ? 'query' : (route.httpPart ?? 'input')
  return (value: unknown) => {
    const result = validate(value)
    if (typeof result !== 'object' || !('error' in result) || !Array.isArray(result.error)) return result
    const fields = fieldsOf(result.error)
    const detail = `${part}: ${fields.map(({ field, message }) => (field === '' ? message : `${field} ${message}`)).join('; ')}`
    return { error: new ProblemError('invalid-input', detail, { fields }) }
  }
}

/** One line per field. Errors inside the branches of a union say less than the union's own. */
function fieldsOf(errors: readonly SchemaError[]): { field: string; message: string }[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath)
  const lines = new Map<string, string>()
  for (const error of errors) {
    const path = error.instancePath
    if (error.keyword === 'anyOf') {
      lines.set(fieldOf(path), `must be one of ${choices(errors, path)}`)
      continue
    }
    if (unions.some((union) => path === union || path.startsWith(`${union}/`))) continue
    for (const [field, message] of explain(error)) lines.set(field, lines.get(field) ?? message)
  }
  return [...lines].map(([field, message]) => ({ field, message }))
}

function explain({ keyword, instancePath, message, params }: SchemaError): [string, string][] {
  if (keyword === 'required')
    return names(params['requiredProperties']).map((name) => [fieldOf(`${instancePath}/${name}`), 'is required'])
  if (keyword === 'additionalProperties')
    return names(params['additionalProperties']).map((name) => [fieldOf(`${instancePath}/${name}`), 'is not known'])
  // `schema is false` accompanies an unknown property, which is named by its own error.
  if (keyword === 'boolean') return []
  return [[fieldOf(instancePath), message ?? 'is not valid']]
}

function choices(errors: readonly SchemaError[], path: string): string {
  const values = errors
    .filter((error) => error.instancePath === path && error.keyword === 'const')
    .map((error) => JSON.stringify(error.params['allowedValue']))
  return values.length === 0 ? 'the allowed forms' : values.join(', ')
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** `/targets/0/cluster` → `targets[0].cluster`. */
function fieldOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`), '')
}
