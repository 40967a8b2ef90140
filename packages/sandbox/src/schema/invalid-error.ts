import type { ResourceType } from '../api/resource-type.ts'
import { StatusError } from '../api/status-error.ts'

/** One thing that is wrong with an object, as `details.causes` of a `Status` tells it. */
export interface Cause {
  /** `FieldValueRequired`, `FieldValueInvalid`, `FieldValueNotSupported`, `FieldValueTypeInvalid` … */
  readonly reason: string
  /** Without the field: `Required value: …`. */
  readonly message: string
  readonly field: string
}

/** 422, worded as k8s.io/apimachinery's `NewInvalid`: several causes stand in brackets. */
export function invalidError(
  type: Pick<ResourceType, 'group' | 'kind'>,
  name: string,
  causes: readonly Cause[],
): StatusError {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`
  const texts = causes.map(({ field, message }) => `${field}: ${message}`)
  const list = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.kind,
    causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
  })
}

export function required(field: string, detail = ''): Cause {
  return {
    field,
    reason: 'FieldValueRequired',
    message: detail === '' ? 'Required value' : `Required value: ${detail}`,
  }
}

/** @param value as JSON shows it in the message; objects are shown by their kind of value. */
export function invalid(field: string, value: unknown, detail: string): Cause {
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${detail}` }
}

export function notSupported(field: string, value: unknown, supported: readonly unknown[]): Cause {
  const list = supported.map((item) => JSON.stringify(item)).join(', ')
  return {
    field,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${shown(value)}: supported values: ${list}`,
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}
