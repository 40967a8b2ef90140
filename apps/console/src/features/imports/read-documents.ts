import {
  apiVersionOf,
  findKindOfObject,
  isNamespaceName,
  isRecord,
  isResourceName,
  kindOf,
  type KindId,
  type KubeResource,
} from '@meshdeck/kube'
import { LineCounter, parseAllDocuments } from 'yaml'

/** More is a matter for `kubectl apply`, not for a review that somebody reads. */
export const MAX_OBJECTS = 50
const CATEGORIES: readonly string[] = ['traffic', 'security', 'extensions', 'gateway-api']

/** A fault of the text. `line` counts from 1, and is that of the document where nothing nearer is known. */
export interface DocumentProblem {
  line: number
  /** i18n key below `problems.` of the namespace `imports`. */
  code: 'syntax' | 'notAnObject' | 'kind' | 'version' | 'name' | 'namespace' | 'twice' | 'many'
  values: Record<string, string>
}

export interface ReadDocuments {
  objects: readonly { kind: KindId; object: KubeResource }[]
  problems: readonly DocumentProblem[]
}

/** Reads the objects of several YAML documents, those in a `List` too. Empty documents are passed over. Never throws. */
export function readDocuments(text: string): ReadDocuments {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines })
  const found: { kind: KindId; object: KubeResource }[] = []
  const problems: DocumentProblem[] = []
  const seen = new Set<string>()
  for (const document of Array.isArray(documents) ? documents : []) {
    const line = lines.linePos(document.contents?.range?.[0] ?? 0).line
    const [error] = document.errors
    if (error !== undefined) {
      const message = error.message.split('\n')[0] ?? ''
      problems.push({ line: error.linePos?.[0].line ?? line, code: 'syntax', values: { message } })
      continue
    }
    for (const value of itemsOf(toValue(document))) {
      const fault = faultOf(value)
      if (fault !== undefined) {
        problems.push({ line, ...fault })
        continue
      }
      // The boundary: it has been looked at.
      const object = value as KubeResource
      const kind = findKindOfObject(object.apiVersion, object.kind)
      if (kind === undefined) continue
      const key = `${kind.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`
      if (seen.has(key)) problems.push({ line, code: 'twice', values: { object: key } })
      seen.add(key)
      found.push({ kind: kind.id, object })
    }
  }
  if (found.length > MAX_OBJECTS)
    problems.push({ line: 1, code: 'many', values: { count: String(found.length), max: String(MAX_OBJECTS) } })
  return { objects: found, problems }
}

/** An alias without an anchor is found only here. */
function toValue(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS()
  } catch {
    return 'unreadable'
  }
}

function itemsOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return []
  if (isRecord(value) && value['kind'] === 'List' && Array.isArray(value['items'])) return value['items']
  return [value]
}

function faultOf(value: unknown): Omit<DocumentProblem, 'line'> | undefined {
  if (!isRecord(value) || !isRecord(value['metadata'])) return { code: 'notAnObject', values: {} }
  const { apiVersion, kind: kindName, metadata } = value
  const said = `${String(apiVersion)} ${String(kindName)}`
  const kind = findKindOfObject(String(apiVersion), String(kindName))
  if (kind === undefined || !CATEGORIES.includes(kind.category) || kind.access !== 'full')
    return { code: 'kind', values: { said } }
  const wanted = apiVersionOf(kindOf(kind.id))
  if (apiVersion !== wanted) return { code: 'version', values: { said, wanted } }
  const { name, namespace } = metadata
  if (typeof name !== 'string' || !isResourceName(name)) return { code: 'name', values: { kind: kind.kind } }
  const isPlaced = typeof namespace === 'string' && isNamespaceName(namespace)
  if (kind.namespaced && !isPlaced) return { code: 'namespace', values: { object: `${kind.kind} ${name}` } }
  return undefined
}
