import { isRecord } from '@meshdeck/kube'
import { LineCounter, parseDocument } from 'yaml'
import { KubeconfigError } from './errors.ts'

const MAX_BYTES = 1024 * 1024

/** A mapping inside a kubeconfig, with the path that leads to it. */
export interface Section {
  path: string
  fields: Record<string, unknown>
}

interface NamedEntry extends Section {
  name: string
}

/** The three named lists of a kubeconfig, checked for form only. */
export interface KubeconfigDocument {
  currentContext: string | undefined
  contexts: readonly NamedEntry[]
  clusters: readonly NamedEntry[]
  users: readonly NamedEntry[]
}

/** Reads the outer form of a kubeconfig. Throws `KubeconfigError`; its messages never quote the text, which may hold secrets. */
export function readKubeconfigDocument(text: string): KubeconfigDocument {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new KubeconfigError(
      'too-large',
      '',
      'The kubeconfig is larger than 1 MiB; give one with only the cluster that is meant',
    )
  const root = readYaml(text)
  if (!isRecord(root))
    throw new KubeconfigError(
      'not-a-kubeconfig',
      '',
      'This is not a kubeconfig: it must be a YAML mapping with clusters, users and contexts',
    )
  if (root['kind'] !== undefined && root['kind'] !== 'Config') {
    throw new KubeconfigError('not-a-kubeconfig', 'kind', 'This is not a kubeconfig: its kind must be "Config"')
  }
  return {
    currentContext: readString({ path: '', fields: root }, 'current-context') || undefined,
    contexts: readEntries(root, 'contexts', 'context'),
    clusters: readEntries(root, 'clusters', 'cluster'),
    users: readEntries(root, 'users', 'user'),
  }
}

function readYaml(text: string): unknown {
  const lineCounter = new LineCounter()
  try {
    const document = parseDocument(text, { prettyErrors: false, lineCounter, logLevel: 'silent' })
    const [error] = document.errors
    if (error) {
      const { line, col } = lineCounter.linePos(error.pos[0])
      throw new KubeconfigError(
        'not-yaml',
        '',
        `The kubeconfig is not valid YAML (${error.code}, line ${line}, column ${col})`,
      )
    }
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    if (error instanceof KubeconfigError) throw error
    throw new KubeconfigError('not-yaml', '', 'The kubeconfig is not valid YAML')
  }
}

function readEntries(root: Record<string, unknown>, list: string, inner: string): NamedEntry[] {
  const entries = own(root, list) ?? []
  if (!Array.isArray(entries)) throw new KubeconfigError('not-a-kubeconfig', list, `"${list}" must be a list`)
  const seen = new Set<string>()
  return entries.map((entry: unknown, index) => {
    const path = `${list}[${index}]`
    if (!isRecord(entry)) throw new KubeconfigError('field-invalid', path, `"${path}" must be a mapping with a name`)
    const name = readString({ path, fields: entry }, 'name')
    if (!name) throw new KubeconfigError('field-invalid', `${path}.name`, `"${path}" has no name`)
    if (seen.has(name))
      throw new KubeconfigError('field-invalid', `${path}.name`, `"${list}" names the same entry twice; remove one`)
    seen.add(name)
    const fields = own(entry, inner) ?? {}
    if (!isRecord(fields))
      throw new KubeconfigError('field-invalid', `${path}.${inner}`, `"${path}.${inner}" must be a mapping`)
    return { name, path: `${path}.${inner}`, fields }
  })
}

/** A field of a mapping, never one inherited from `Object.prototype`. */
export function own(fields: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(fields, key) ? (fields[key] ?? undefined) : undefined
}

/** A text field; `undefined` when it is absent. Throws `KubeconfigError` when it is something else. */
export function readString(section: Section, key: string): string | undefined {
  const value = own(section.fields, key)
  if (value === undefined || typeof value === 'string') return value
  const field = fieldOf(section, key)
  throw new KubeconfigError('field-invalid', field, `"${field}" must be text`)
}

/** Path of a field inside a kubeconfig (`users[0].user.exec`). */
export function fieldOf(section: Section, key: string): string {
  return section.path === '' ? key : `${section.path}.${key}`
}

/** Finds the context to use: the one asked for, else the current one, else the only one. Throws `KubeconfigError`. */
export function chooseContext(document: KubeconfigDocument, wanted: string | undefined): NamedEntry {
  const names = document.contexts.map((entry) => entry.name)
  const listed = names.map((name) => JSON.stringify(name)).join(', ')
  if (names.length === 0)
    throw new KubeconfigError(
      'context-missing',
      'contexts',
      'The kubeconfig has no context; it needs one that joins a cluster and a user',
    )
  if (wanted !== undefined)
    return find(wanted, 'context', `The kubeconfig has no context ${JSON.stringify(wanted)}; it has ${listed}`)
  if (names.length === 1) return find(names[0] ?? '', 'contexts', '')
  throw new KubeconfigError(
    'context-ambiguous',
    'contexts',
    `The kubeconfig has several contexts (${listed}); say which one is meant`,
  )

  function find(name: string, field: string, message: string): NamedEntry {
    const found = document.contexts.find((entry) => entry.name === name)
    if (!found) throw new KubeconfigError('context-missing', field, message)
    return found
  }
}
