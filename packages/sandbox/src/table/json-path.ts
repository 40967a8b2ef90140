import { isRecord } from '../json.ts'

type Step = { readonly field: string } | { readonly index: number } | { readonly every: true } | Filter

interface Filter {
  readonly filter: { readonly field: string; readonly value: string }
}

/**
 * The values that a JSON path of a printer column leads to: fields, `[0]`, `[*]`, and `[?(@.type=="Ready")]`, which is
 * what definitions use. A path that cannot be read leads nowhere.
 */
export function readJsonPath(object: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [object]
  for (const step of stepsOf(path)) found = found.flatMap((value) => follow(value, step))
  return found.filter((value) => value !== undefined && value !== null)
}

const known = new Map<string, readonly Step[]>()

function stepsOf(path: string): readonly Step[] {
  let steps = known.get(path)
  if (steps === undefined) known.set(path, (steps = parse(path)))
  return steps
}

const STEP =
  /^(?:\.((?:\\.|[^.[\\])+)|\[(\d+)\]|\[(\*)\]|\['([^']+)'\]|\[\?\(@\.([\w.]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\)\])/

function parse(path: string): Step[] {
  const steps: Step[] = []
  let rest = path
  while (rest !== '') {
    const match = STEP.exec(rest)
    if (!match) return [{ field: ' ' }]
    const [whole, field, index, every, quoted, filter, value, other] = match
    if (field !== undefined) steps.push({ field: field.replaceAll('\\', '') })
    else if (quoted !== undefined) steps.push({ field: quoted })
    else if (index !== undefined) steps.push({ index: Number(index) })
    else if (every !== undefined) steps.push({ every: true })
    else steps.push({ filter: { field: filter ?? '', value: value ?? other ?? '' } })
    rest = rest.slice(whole.length)
  }
  return steps
}

function follow(value: unknown, step: Step): readonly unknown[] {
  if ('field' in step) return isRecord(value) && Object.hasOwn(value, step.field) ? [value[step.field]] : []
  if (!Array.isArray(value)) return []
  if ('index' in step) return step.index < value.length ? [value[step.index]] : []
  if ('every' in step) return value
  return value.filter((item) => isRecord(item) && String(item[step.filter.field]) === step.filter.value)
}
