import type { ResourceType } from '../api/resource-type.ts'
import { apiVersionOf } from '../api/metadata.ts'
import { isRecord, textAt } from '../json.ts'
import type { KubeObject, ResourceKey } from '../kube-object.ts'
import { resourceKey } from '../kube-object.ts'
import { ageOf } from './age.ts'
import { BUILTIN_COLUMNS, EVENT_COLUMNS } from './builtin-columns.ts'
import { readJsonPath } from './json-path.ts'

export interface Column {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  readonly format?: string
  /** Above 0: shown by `-o wide` only. */
  readonly priority: number
  readonly value: (object: KubeObject, now: number) => unknown
}

export interface TableOptions {
  readonly includeObject: 'None' | 'Metadata' | 'Object'
  /** `additionalPrinterColumns` of a custom resource. */
  readonly printerColumns: readonly unknown[] | undefined
  readonly metadata: Record<string, unknown>
  readonly now: number
}

const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  priority: 0,
  value: (object) => object.metadata.name,
}

const AGE: Column = {
  name: 'Age',
  type: 'string',
  priority: 0,
  value: (object, now) => ageOf(object.metadata.creationTimestamp, now),
}

/** Kinds whose table does not start with a name and end with an age. */
const WHOLE_TABLES: Readonly<Record<ResourceKey, readonly Column[]>> = {
  events: EVENT_COLUMNS,
  'apiextensions.k8s.io/customresourcedefinitions': [
    NAME,
    { name: 'Created At', type: 'date', priority: 0, value: (object) => object.metadata.creationTimestamp ?? '' },
  ],
}

/** Objects as a table, the way `kubectl get` asks for them. Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
export function renderTable(type: ResourceType, objects: readonly KubeObject[], options: TableOptions): unknown {
  const columns = columnsOf(resourceKey(type.group, type.plural), options.printerColumns)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: columns.map(({ name, type: of, format, priority }) => ({
      name,
      type: of,
      format: format ?? '',
      description: '',
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, options.now)),
      ...(options.includeObject === 'None'
        ? {}
        : { object: options.includeObject === 'Object' ? object : partial(object) }),
    })),
  }
}

/** An object's metadata alone, under the kind that says so. */
export function partial(object: KubeObject): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: apiVersionOf('meta.k8s.io', 'v1'), metadata: object.metadata }
}

function columnsOf(resource: ResourceKey, printer: readonly unknown[] | undefined): readonly Column[] {
  if (printer === undefined) {
    const whole = WHOLE_TABLES[resource]
    if (whole !== undefined) return whole
    const columns = BUILTIN_COLUMNS[resource] ?? []
    return [
      NAME,
      ...columns.filter(({ priority }) => priority === 0),
      AGE,
      ...columns.filter(({ priority }) => priority > 0),
    ]
  }
  if (printer.length === 0) return [NAME, AGE]
  return [NAME, ...printer.filter(isRecord).map(printerColumn)]
}

function printerColumn(given: Record<string, unknown>): Column {
  const type = columnType(given['type'])
  const path = textAt(given, 'jsonPath') ?? ''
  const priority = given['priority']
  return {
    name: textAt(given, 'name') ?? '',
    type,
    ...(typeof given['format'] === 'string' ? { format: given['format'] } : {}),
    priority: typeof priority === 'number' ? priority : 0,
    value: (object, now) => {
      const found = readJsonPath(object, path)
      if (found.length === 0) return null
      if (type === 'date') return ageOf(found[0], now)
      if (type === 'string')
        return found.map((item) => (typeof item === 'object' ? JSON.stringify(item) : String(item))).join(',')
      return found[0]
    },
  }
}

function columnType(type: unknown): Column['type'] {
  return type === 'integer' || type === 'number' || type === 'boolean' || type === 'date' ? type : 'string'
}
