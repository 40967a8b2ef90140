import { apiVersionOf, findKindOfObject, isRecord, kindOf, type KubeResource, type ResourceRef } from '@meshdeck/kube'
import { REASON_ANNOTATION, sameValue } from '@meshdeck/mesh'
import { Document, parseAllDocuments, stringify } from 'yaml'

/** A fault of a draft that is found without the server. `line` counts from 1. */
export interface DraftProblem {
  /** i18n key below `problems.` of the namespace `editor`. */
  code: 'syntax' | 'empty' | 'several' | 'notAnObject' | 'kind' | 'namespace' | 'name' | 'noName' | 'noNamespace'
  line: number | undefined
  values: Record<string, string>
}

/** What an editor may hold: the kind always, names only of an object that exists. */
export interface DraftFrame {
  kind: ResourceRef['kind']
  namespace?: string | undefined
  name?: string | undefined
}

export interface Draft {
  document: Document
  /** Absent while the text is no object. */
  value: KubeResource | undefined
  problems: DraftProblem[]
}

/** `lineWidth: 0` keeps long values on their line, so that a diff shows what changed and nothing else. */
const PRINT = { lineWidth: 0 } as const

/** Metadata that the server writes; it says nothing in an editor and makes noise in a diff. */
const SERVER_METADATA = [
  'managedFields',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'selfLink',
] as const

/** An object as YAML, without the field managers' bookkeeping. */
export function toYaml(resource: KubeResource): string {
  const { managedFields: _, ...metadata } = resource.metadata
  return stringify({ ...resource, metadata }, PRINT)
}

/** Plain data as YAML. */
export function printYaml(value: unknown): string {
  return stringify(value, PRINT)
}

/** An object as YAML with only what people write: what an editor shows and a diff compares. */
export function toEditableYaml(resource: KubeResource): string {
  return stringify(comparable(resource), PRINT)
}

/** An object without status and without metadata of the server. */
export function comparable(resource: KubeResource): KubeResource {
  const { status: _, ...rest } = resource
  const metadata = { ...resource.metadata }
  for (const field of SERVER_METADATA) delete metadata[field]
  // The reason of an older change says nothing of this one.
  const { [REASON_ANNOTATION]: reason, ...annotations } = metadata.annotations ?? {}
  if (reason !== undefined) {
    if (Object.keys(annotations).length > 0) metadata.annotations = annotations
    else delete metadata.annotations
  }
  return { ...rest, metadata }
}

/** Whether two objects differ in nothing that people write. */
export const saysTheSame = (a: KubeResource, b: KubeResource): boolean => sameValue(comparable(a), comparable(b))

/** What belongs to an object in its own cluster and means nothing in another. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** An object as the beginning of a like one in another cluster. */
export function toCopyYaml(resource: KubeResource): string {
  const { ownerReferences: _o, finalizers: _f, annotations, ...metadata } = comparable(resource).metadata
  const { [LAST_APPLIED]: _a, ...kept } = annotations ?? {}
  return toEditableYaml({
    ...resource,
    metadata: { ...metadata, ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }) },
  })
}

/** The same value with its keys in the order of a like one, so that comparing texts shows differences and not order. */
export function alignKeys<T>(value: T, like: unknown): T
export function alignKeys(value: unknown, like: unknown): unknown {
  if (Array.isArray(value))
    return value.map((item: unknown, at) => alignKeys(item, Array.isArray(like) ? like[at] : undefined))
  if (!isRecord(value)) return value
  const order = isRecord(like) ? Object.keys(like) : []
  const keys = [...order.filter((key) => key in value), ...Object.keys(value).filter((key) => !order.includes(key))]
  return Object.fromEntries(keys.map((key) => [key, alignKeys(value[key], isRecord(like) ? like[key] : undefined)]))
}

/** A draft as it is sent: with what the server wrote into the version that it is based on, above all its resourceVersion. */
export function toWritable(draft: KubeResource, base: KubeResource): KubeResource {
  const written = Object.fromEntries(
    SERVER_METADATA.filter((field) => field !== 'managedFields' && field in base.metadata).map((field) => [
      field,
      base.metadata[field],
    ]),
  )
  return { ...draft, metadata: { ...draft.metadata, ...written }, ...('status' in base ? { status: base.status } : {}) }
}

/** Prints a document after an edit; comments stay. */
export const printDocument = (document: Document): string => document.toString(PRINT)

/** Reads an editor's text and finds what can be told without the server. Never throws. */
export function readDraft(text: string, frame: DraftFrame): Draft {
  const documents = parseAllDocuments(text)
  const [document] = Array.isArray(documents) ? documents : []
  if (!document) return { document: new Document(), value: undefined, problems: [problem('empty', 1)] }
  const faults = document.errors.map((error) =>
    problem('syntax', error.linePos?.[0].line, { message: wordsOf(error.message) }),
  )
  if (faults.length > 0) return { document, value: undefined, problems: faults }
  if (Array.isArray(documents) && documents.length > 1)
    return { document, value: undefined, problems: [problem('several', undefined)] }
  let value: unknown
  try {
    value = document.toJS()
  } catch (error) {
    // An alias without an anchor is found only here.
    return {
      document,
      value: undefined,
      problems: [problem('syntax', undefined, { message: error instanceof Error ? error.message : String(error) })],
    }
  }
  if (!isObject(value)) return { document, value: undefined, problems: [problem('notAnObject', 1)] }
  return { document, value, problems: frameProblems(value, frame, (path) => lineOf(text, document, path)) }
}

/** The parser's words without the place, which is told beside them, and without the excerpt. */
const wordsOf = (message: string): string => (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')

function isObject(value: unknown): value is KubeResource {
  return isRecord(value) && isRecord(value['metadata'])
}

/** The object that is opened must stay the same object: the address it is written to is not the text's to choose. */
function frameProblems(
  value: KubeResource,
  frame: DraftFrame,
  line: (path: string[]) => number | undefined,
): DraftProblem[] {
  const expected = kindOf(frame.kind)
  const found = findKindOfObject(String(value.apiVersion), String(value.kind))
  const problems: DraftProblem[] = []
  // Another version of the same kind would go to another address of the API server, which refuses it there.
  const otherVersion = found?.id === frame.kind && value.apiVersion !== apiVersionOf(expected)
  if (found?.id !== frame.kind || otherVersion) {
    problems.push(
      problem('kind', line([otherVersion ? 'apiVersion' : 'kind']), {
        expected: `${apiVersionOf(expected)} ${expected.kind}`,
        found: `${String(value.apiVersion)} ${String(value.kind)}`,
      }),
    )
  }
  const { name, namespace } = value.metadata
  if (!name) problems.push(problem('noName', line(['metadata', 'name']) ?? line(['metadata'])))
  else if (frame.name !== undefined && name !== frame.name) {
    problems.push(problem('name', line(['metadata', 'name']), { expected: frame.name, found: name }))
  }
  if (expected.namespaced) {
    if (!namespace) problems.push(problem('noNamespace', line(['metadata', 'namespace']) ?? line(['metadata'])))
    else if (frame.namespace !== undefined && namespace !== frame.namespace) {
      problems.push(
        problem('namespace', line(['metadata', 'namespace']), { expected: frame.namespace, found: namespace }),
      )
    }
  }
  return problems
}

function problem(
  code: DraftProblem['code'],
  line: number | undefined,
  values: Record<string, string> = {},
): DraftProblem {
  return { code, line, values }
}

/** Line of a value in the text, counting from 1; of what it would stand in, when it is not there. */
export function lineOf(text: string, document: Document, path: readonly (string | number)[]): number | undefined {
  const node = document.getIn(path, true)
  const range = isRecord(node) ? node['range'] : undefined
  const start: unknown = Array.isArray(range) ? range[0] : undefined
  if (typeof start === 'number') return text.slice(0, start).split('\n').length
  return path.length > 1 ? lineOf(text, document, path.slice(0, -1)) : undefined
}

/** Splits `spec.http[0].match["x.y"]`, as API servers name fields. */
export function parseFieldPath(field: string): (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|\["?([^\]"]+)"?\]|([^.[\]]+)/g)].map((match) =>
    match[1] === undefined ? (match[2] ?? match[3] ?? '') : Number(match[1]),
  )
}
