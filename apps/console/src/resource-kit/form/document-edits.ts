import { isCollection, isMap, isPair, isScalar, isSeq, type Document } from 'yaml'

export type YamlPath = readonly (string | number)[]

const NEEDS_QUOTES = /^$|^[\d.+-]|^(true|false|null|yes|no|on|off|~)$/i

/** Sets a value at a path and makes what lies on the way. What stands beside it stays, comments too. */
export function setAt(document: Document, path: YamlPath, value: unknown): void {
  for (let depth = 1; depth < path.length; depth += 1) {
    const parent = document.getIn(path.slice(0, depth), true)
    // `spec:` without a value cannot take children, and `{}` would take them all on one line.
    if (parent !== undefined && !isCollection(parent)) document.deleteIn(path.slice(0, depth))
    else if (isCollection(parent) && parent.items.length === 0) parent.flow = false
  }
  const present = document.getIn(path, true)
  // An empty text, or one that looks like a number, is written in quotes; what comes to stand in its place need not be.
  if (isScalar(present) && NEEDS_QUOTES.test(String(present.value))) delete present.type
  document.setIn(path, typeof value === 'object' && value !== null ? document.createNode(value) : value)
}

/** Makes a list of texts equal to `next`; items that stay keep their comments. */
export function setTextsAt(document: Document, path: YamlPath, next: readonly string[]): void {
  const list = document.getIn(path, true)
  if (!isSeq(list)) {
    setAt(document, path, next)
    return
  }
  const kept = list.items.filter((item) => next.includes(String(isScalar(item) ? item.value : item)))
  const keptTexts = kept.map((item) => String(isScalar(item) ? item.value : item))
  const added = next.filter((text) => !keptTexts.includes(text))
  if (list.items.length === 0) list.flow = false
  list.items = [...kept, ...added.map((text) => document.createNode(text))]
}

/** Appends to the list at a path, which is made when it is not there. */
export function appendAt(document: Document, path: YamlPath, value: unknown): void {
  const list = document.getIn(path, true)
  setAt(document, isSeq(list) ? [...path, list.items.length] : path, isSeq(list) ? value : [value])
}

/** Takes a value out, and then every parent below `keep` steps that it leaves empty. */
export function removeAt(document: Document, path: YamlPath, keep: number): void {
  document.deleteIn(path)
  for (let depth = path.length - 1; depth > keep; depth -= 1) {
    const parent = document.getIn(path.slice(0, depth), true)
    if (!isCollection(parent) || parent.items.length > 0) return
    document.deleteIn(path.slice(0, depth))
  }
}

/** Moves an element of a list to another place, with its comments. */
export function moveAt(document: Document, path: YamlPath, from: number, to: number): void {
  const list = document.getIn(path, true)
  if (!isSeq(list)) return
  list.items.splice(to, 0, ...list.items.splice(from, 1))
}

/** Gives an entry of a map another name, at its place. Does nothing when the new name is taken. */
export function renameAt(document: Document, path: YamlPath, from: string, to: string): void {
  const map = document.getIn(path, true)
  if (!isMap(map) || map.has(to)) return
  const pair = map.items.find((each) => isPair(each) && String(each.key) === from)
  if (pair) pair.key = document.createNode(to)
}
