import type { Column } from './columns.ts'
import { relabelled } from './columns.ts'
import { compileRegex } from './matching.ts'
import { PromqlError } from './promql-error.ts'
import type { Labels } from './series-source.ts'

const LABEL = /^[a-zA-Z_]\w*$/

/** @param texts destination, replacement, source, pattern. @throws PromqlError */
export function replaceLabels(
  columns: readonly Column[],
  [target, replacement, source, pattern]: readonly [string, string, string, string],
): readonly Column[] {
  const regex = compileRegex(pattern)
  checkLabel(target, 'label_replace')
  return columns.map((column) => {
    const matcher = regex.matcher(column.labels[source] ?? '')
    if (!matcher.matches()) return column
    const named = regex.namedGroups()
    const group = (name: string): string => {
      const number = /^\d+$/.test(name) ? Number(name) : named[name]
      return number === undefined || number > matcher.groupCount() ? '' : (matcher.group(number) ?? '')
    }
    // As Go's Regexp.Expand: `$name` takes as many word characters as there are.
    const value = replacement.replaceAll(
      /\$(?:\$|\{(\w+)\}|(\w+))/g,
      (whole: string, braced?: string, plain?: string) => (whole === '$$' ? '$' : group(braced ?? plain ?? '')),
    )
    return relabelled(column, withLabel(column.labels, target, value))
  })
}

/** @throws PromqlError */
export function joinLabels(
  columns: readonly Column[],
  target: string,
  separator: string,
  sources: readonly string[],
): readonly Column[] {
  checkLabel(target, 'label_join')
  for (const source of sources) checkLabel(source, 'label_join')
  return columns.map((column) =>
    relabelled(
      column,
      withLabel(column.labels, target, sources.map((source) => column.labels[source] ?? '').join(separator)),
    ),
  )
}

function withLabel(labels: Labels, name: string, value: string): Labels {
  if (value !== '') return { ...labels, [name]: value }
  return Object.fromEntries(Object.entries(labels).filter(([label]) => label !== name))
}

function checkLabel(name: string, of: string): void {
  if (!LABEL.test(name)) throw new PromqlError('execution', `invalid label name in ${of}(): ${name}`)
}
