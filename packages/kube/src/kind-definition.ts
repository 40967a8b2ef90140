import { readPath } from './field-path.ts'

/** What a list column shows: where its value lies in the object, and how to print it. */
export interface ColumnDefinition {
  /** Also the last part of the column's i18n key. */
  id: string
  /** Dotted path; `*` steps into every element of an array (`spec.servers.*.hosts`). */
  path: string
  type: 'text' | 'list' | 'names' | 'map'
}

/** Whether an object has something that people look for: a mirror, subsets, TLS. */
export type Trait = (object: unknown) => boolean

/** Where a kind belongs in the console's menu and in the chart's roles. */
export type KindCategory = 'traffic' | 'security' | 'extensions' | 'gateway-api' | 'sail' | 'meshdeck' | 'core'

/** One kind of Kubernetes object, as all parts of Meshdeck know it. */
export interface KindDefinition {
  id: string
  /** The `kind` written in objects. */
  kind: string
  /** API group; empty for the core group. */
  group: string
  /** The version that is read and written. */
  version: string
  /** The API server's plural, as in its URLs and in RBAC rules. */
  plural: string
  /** Our route segment, for the BFF and the console alike: plural nouns, spelt out. */
  path: string
  namespaced: boolean
  category: KindCategory
  /** `full`: read and written by users; `read`: never written through resource routes; `metadata`: read without its data (Secrets). */
  access: 'full' | 'read' | 'metadata'
  /** `hub`: lives on the hub only; `cluster`: lives on every cluster. */
  home: 'hub' | 'cluster'
  /** Kept in the shared watch cache, so lists are served from memory. */
  watched: boolean
  /** The form that edits it; YAML alone otherwise. */
  form?: string
  /** Owns pods that can be restarted by a change of its pod template. */
  workload?: boolean
  columns: readonly ColumnDefinition[]
  /** What a list marks its objects with and is narrowed by. The name is also the last part of its i18n key. */
  traits?: Readonly<Record<string, Trait>>
}

/** Checks a definition and keeps its id as a literal type. */
export function defineKind<const D extends KindDefinition>(definition: D): D {
  return definition
}

/** Makers of list columns. */
export const column = {
  text: (id: string, path: string): ColumnDefinition => ({ id, path, type: 'text' }),
  list: (id: string, path: string): ColumnDefinition => ({ id, path, type: 'list' }),
  /** A list of objects of which `name` is shown. */
  names: (id: string, path: string): ColumnDefinition => ({ id, path, type: 'names' }),
  map: (id: string, path: string): ColumnDefinition => ({ id, path, type: 'map' }),
}

/** A trait of objects that have something at one of these paths. */
export const has =
  (...paths: readonly string[]): Trait =>
  (object) =>
    paths.some((path) => isSomething(readPath(object, path)))

const isSomething = (value: unknown): boolean => value !== undefined && !(Array.isArray(value) && value.length === 0)

/** Names of the traits that an object has, in the order of its kind. */
export function traitsOf({ traits = {} }: Pick<KindDefinition, 'traits'>, object: unknown): string[] {
  return Object.entries(traits).flatMap(([name, isSo]) => (isSo(object) ? [name] : []))
}
