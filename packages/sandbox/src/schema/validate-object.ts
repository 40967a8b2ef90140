import { RE2JS } from 're2js'
import { isRecord, sameJson } from '../json.ts'
import type { Cause } from './invalid-error.ts'
import { invalid, notSupported, required } from './invalid-error.ts'
import { checkRules } from './cel-rules.ts'
import type { Schema, SchemaSource } from './schema.ts'

/** How much is looked into before the rest is left unsaid; the real server cuts as well. */
const MAX_CAUSES = 100
const INT32 = 2 ** 31

/**
 * What is wrong with a custom resource by its schema, worded as the real server words it.
 *
 * @param old the object before, for rules about transitions.
 */
export function validateObject(schema: Schema, value: unknown, source: SchemaSource, old?: unknown): readonly Cause[] {
  const causes: Cause[] = []
  validate({ source, causes, part: 'structure' }, schema, value, old, '')
  // Rules count on what the schema promises.
  if (!causes.some(({ reason }) => BLOCKING.has(reason)))
    validate({ source, causes, part: 'rules' }, schema, value, old, '')
  else if (hasRules(schema)) causes.push(NOT_CHECKED)
  return causes.slice(0, MAX_CAUSES)
}

/** Source: k8s.io/apiextensions-apiserver/pkg/registry/customresource. */
const BLOCKING = new Set([
  'FieldValueRequired',
  'FieldValueTypeInvalid',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
])

const NOT_CHECKED: Cause = {
  field: '<nil>',
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
}

const ruled = new WeakMap<Schema, boolean>()

function hasRules(schema: Schema): boolean {
  let found = ruled.get(schema)
  if (found === undefined) ruled.set(schema, (found = JSON.stringify(schema).includes('"x-kubernetes-validations"')))
  return found
}

interface Run {
  readonly part: 'structure' | 'rules'
  readonly source: SchemaSource
  readonly causes: Cause[]
}

function validate(run: Run, given: Schema, value: unknown, old: unknown, path: string): void {
  const schema = run.source.resolve(given)
  if (value === null && schema.nullable === true) return
  const field = path === '' ? '<nil>' : path
  if (run.part === 'structure' && !checkStructure(run, schema, value, field)) return
  if (Array.isArray(value)) checkItems(run, schema, value, old, path)
  else if (isRecord(value)) checkFields(run, schema, value, old, path)
  if (run.part === 'rules') run.causes.push(...checkRules(schema, value, old, path))
}

/** What the schema says of the value itself; false when it is of another type. */
function checkStructure(run: Run, schema: Schema, value: unknown, field: string): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) {
    if (!Number.isInteger(value) && typeof value !== 'string') wrongType(run, field, value, 'integer,string')
  } else if (schema.type !== undefined && !hasType(value, schema.type)) {
    wrongType(run, field, value, schema.type)
    return false
  }
  if (schema.enum !== undefined && !schema.enum.some((item) => sameJson(item, value))) {
    run.causes.push(notSupported(field, value, schema.enum))
  }
  if (typeof value === 'string') checkText(run, schema, value, field)
  else if (typeof value === 'number') checkNumber(run, schema, value, field)
  else if (Array.isArray(value)) checkList(run, schema, value, field)
  else if (isRecord(value)) checkCounts(run, schema, value, field)
  checkJunctors(run, schema, value, field)
  return true
}

function hasType(value: unknown, type: NonNullable<Schema['type']>): boolean {
  switch (type) {
    case 'object':
      return isRecord(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

function wrongType(run: Run, field: string, value: unknown, type: string): void {
  const found =
    value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value
  run.causes.push({
    field,
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${JSON.stringify(found)}: ${field} in body must be of type ${type}: ${JSON.stringify(found)}`,
  })
}

function checkText(run: Run, schema: Schema, value: string, field: string): void {
  const length = [...value].length
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    run.causes.push({
      field,
      reason: 'FieldValueTooLong',
      message: `Too long: may not be more than ${schema.maxLength} bytes`,
    })
  }
  if (schema.minLength !== undefined && length < schema.minLength) {
    run.causes.push(invalid(field, value, `${field} in body should be at least ${schema.minLength} chars long`))
  }
  if (schema.pattern !== undefined && !matches(schema.pattern, value)) {
    run.causes.push(invalid(field, value, `${field} in body should match '${schema.pattern}'`))
  }
  if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) {
    run.causes.push(invalid(field, value, `${field} in body must be of type date-time: ${JSON.stringify(value)}`))
  }
}

const patterns = new Map<string, RE2JS>()

function matches(pattern: string, value: string): boolean {
  let compiled = patterns.get(pattern)
  if (compiled === undefined) patterns.set(pattern, (compiled = RE2JS.compile(pattern)))
  return compiled.matcher(value).find()
}

function checkNumber(run: Run, schema: Schema, value: number, field: string): void {
  const { minimum, maximum } = schema
  if (minimum !== undefined && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    const than = schema.exclusiveMinimum === true ? 'greater than' : 'greater than or equal to'
    run.causes.push(invalid(field, value, `${field} in body should be ${than} ${minimum}`))
  }
  if (maximum !== undefined && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    const than = schema.exclusiveMaximum === true ? 'less than' : 'less than or equal to'
    run.causes.push(invalid(field, value, `${field} in body should be ${than} ${maximum}`))
  }
  if (schema.format === 'int32' && (value >= INT32 || value < -INT32)) {
    run.causes.push(invalid(field, value, `${field} in body must be of type int32: ${JSON.stringify(String(value))}`))
  }
}

function checkList(run: Run, schema: Schema, value: readonly unknown[], path: string): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    run.causes.push({
      field: path,
      reason: 'FieldValueTooMany',
      message: `Too many: ${value.length}: must have at most ${schema.maxItems} items`,
    })
    return
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    run.causes.push(invalid(path, value.length, `${path} in body should have at least ${schema.minItems} items`))
  }
  checkDuplicates(run, schema, value, path)
}

function checkItems(run: Run, schema: Schema, value: readonly unknown[], old: unknown, path: string): void {
  const { items } = schema
  if (items === undefined) return
  for (const [index, item] of value.entries()) {
    if (run.causes.length >= MAX_CAUSES) return
    validate(run, items, item, correlated(schema, item, old), `${path}[${index}]`)
  }
}

function checkDuplicates(run: Run, schema: Schema, value: readonly unknown[], path: string): void {
  const keys = schema['x-kubernetes-list-map-keys']
  const isMap = schema['x-kubernetes-list-type'] === 'map'
  if (!isMap && schema['x-kubernetes-list-type'] !== 'set') return
  const seen = new Set<string>()
  for (const [index, item] of value.entries()) {
    const id = isMap && isRecord(item) ? Object.fromEntries((keys ?? []).map((key) => [key, item[key]])) : item
    const text = JSON.stringify(id)
    if (seen.has(text)) {
      run.causes.push({
        field: `${path}[${index}]`,
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: ${text}`,
      })
    }
    seen.add(text)
  }
}

/** The same element before, which only a list that is a map can tell. */
function correlated(schema: Schema, item: unknown, old: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys']
  if (keys === undefined || !Array.isArray(old) || !isRecord(item)) return undefined
  return old.find((other) => isRecord(other) && keys.every((key) => sameJson(other[key], item[key])))
}

function checkCounts(run: Run, schema: Schema, value: Record<string, unknown>, field: string): void {
  const prefix = field === '<nil>' ? '' : `${field}.`
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) run.causes.push(required(`${prefix}${name}`))
  }
  const count = Object.keys(value).length
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    const message = `Too many: ${count}: must have at most ${schema.maxProperties} items`
    run.causes.push({ field, reason: 'FieldValueTooMany', message })
  }
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    run.causes.push(invalid(field, count, `${field} in body should have at least ${schema.minProperties} properties`))
  }
}

function checkFields(run: Run, schema: Schema, value: Record<string, unknown>, old: unknown, path: string): void {
  const prefix = path === '' ? '' : `${path}.`
  for (const [name, field] of Object.entries(value)) {
    if (run.causes.length >= MAX_CAUSES) return
    const own = schema.properties
    const inner =
      own !== undefined && Object.hasOwn(own, name)
        ? own[name]
        : typeof schema.additionalProperties === 'object'
          ? schema.additionalProperties
          : undefined
    if (inner === undefined || field === undefined) continue
    const before = isRecord(old) && Object.hasOwn(old, name) ? old[name] : undefined
    validate(
      run,
      inner,
      field,
      before,
      own !== undefined && Object.hasOwn(own, name) ? `${prefix}${name}` : `${path}.${name}`,
    )
  }
}

function checkJunctors(run: Run, schema: Schema, value: unknown, field: string): void {
  const fits = (inner: Schema): boolean => {
    const trial: Run = { source: run.source, causes: [], part: 'structure' }
    validate(trial, inner, value, undefined, '')
    return trial.causes.length === 0
  }
  if (schema.allOf?.some((inner) => !fits(inner)) === true) {
    run.causes.push(invalid(field, value, `${field} in body must validate all the schemas (allOf)`))
  }
  if (schema.anyOf?.some(fits) === false) {
    run.causes.push(invalid(field, value, `${field} in body must validate at least one schema (anyOf)`))
  }
  if (schema.oneOf !== undefined) {
    const count = schema.oneOf.filter(fits).length
    if (count !== 1) {
      const found = count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`
      run.causes.push(invalid(field, value, `${field} in body must validate one and only one schema (oneOf). ${found}`))
    }
  }
  if (schema.not !== undefined && fits(schema.not)) {
    run.causes.push(invalid(field, value, `${field} in body must not validate the schema (not)`))
  }
}
