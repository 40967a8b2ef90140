import { ITEM } from './json-schema.ts'

/** Where in a YAML text something is being typed. */
export interface YamlPlace {
  /** `key`: the name of a field; `value`: what stands after its colon, or an element of a list. */
  kind: 'key' | 'value'
  /** Of the object that the key belongs to, or of the field that the value belongs to; `ITEM` for elements of lists. */
  path: string[]
  /** What is typed of it already. */
  typed: string
  /** Where that begins in the line. */
  column: number
  /** Column of the key that is typed, for what is put below it. */
  indent: number
  /** Keys that stand beside it. */
  beside: ReadonlySet<string>
}

interface Token {
  column: number
  /** A key, or the dash of an element. */
  key: string | undefined
}

const KEY = /^(\s*(?:- +)*)([\w./-]*)$/
const VALUE = /^(\s*(?:- +)*)([\w./-]+|"[^"]*"|'[^']*')\s*: +("?)([^"#]*)$/
const LINE = /^(\s*(?:- +)*)(?:([\w./-]+|"[^"]*"|'[^']*')\s*:(?=\s|$))?/

/**
 * Finds the place by indentation, since a text that is being typed need not be YAML yet. Inside of flow collections
 * (`{a: b}`), block texts and comments there is none.
 */
export function yamlPlace(lines: readonly string[], line: number, column: number): YamlPlace | undefined {
  const before = (lines[line] ?? '').slice(0, column)
  const value = VALUE.exec(before)
  if (value !== null) {
    const [, lead = '', key = '', quote = '', typed = ''] = value
    const parents = parentsOf(lines, line, lead, lead.length)
    const found = { path: [...parents, unquoted(key)], typed, column: column - typed.length - quote.length }
    return { kind: 'value', ...found, indent: lead.length, beside: new Set() }
  }
  const [, lead, typed] = KEY.exec(before) ?? []
  if (lead === undefined || typed === undefined) return undefined
  const indent = lead.length
  const path = parentsOf(lines, line, lead, indent)
  return { kind: 'key', path, typed, column: indent, indent, beside: keysBeside(lines, line, indent) }
}

/** Keys and dashes of a line, from left to right. */
function tokensOf(text: string): Token[] {
  if (/^\s*(#|$)/.test(text)) return []
  const [, lead = '', key] = LINE.exec(text) ?? []
  const dashes = [...lead].flatMap((sign, column): Token[] => (sign === '-' ? [{ column, key: undefined }] : []))
  return key === undefined ? dashes : [...dashes, { column: lead.length, key: unquoted(key) }]
}

/** Walks up from a line: each key or dash that stands further left than what was found last is around it. */
function parentsOf(lines: readonly string[], line: number, lead: string, indent: number): string[] {
  const path: string[] = []
  let left = indent
  // The dashes of a list may stand at the column of the list's own key.
  let isElement = false
  const visit = ({ column, key }: Token): void => {
    if (column > left || (column === left && !(isElement && key !== undefined))) return
    path.unshift(key ?? ITEM)
    left = column
    isElement = key === undefined
  }
  tokensOf(lead.trimEnd() === '' ? '' : lead)
    .toReversed()
    .forEach(visit)
  for (let at = line - 1; at >= 0; at -= 1) {
    const text = lines[at] ?? ''
    if ((left === 0 && !isElement) || text.startsWith('---')) break
    tokensOf(text).toReversed().forEach(visit)
  }
  return path
}

/** Keys at the same column in the same object, above and below. */
function keysBeside(lines: readonly string[], line: number, indent: number): ReadonlySet<string> {
  const keys = new Set<string>()
  const look = (from: number, step: 1 | -1): void => {
    for (let at = from; at >= 0 && at < lines.length; at += step) {
      const text = lines[at] ?? ''
      const tokens = tokensOf(text)
      const key = tokens.find((token) => token.key !== undefined)
      const dash = tokens.findLast((token) => token.key === undefined)
      const first = tokens[0]
      // Upwards, an element's first line still belongs to the object; downwards, it begins the next one.
      const isOtherElement = dash !== undefined && dash.column < indent && key?.column === indent
      if (step === 1 && isOtherElement) return
      if (key?.key !== undefined && key.column === indent) keys.add(key.key)
      if (isOtherElement || (first !== undefined && first.column < indent) || text.startsWith('---')) return
    }
  }
  if (!/^\s*(?:- +)+/.test((lines[line] ?? '').slice(0, indent))) look(line - 1, -1)
  look(line + 1, 1)
  return keys
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2')
