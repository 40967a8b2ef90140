/** The data of packages/sandbox/data, which e2e/lab/src/api-snapshot.ts took from a real API server. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResourceType } from '../api/resource-type.ts'
import type { KubeObject } from '../kube-object.ts'
import type { Schema } from './schema.ts'

const DATA = join(import.meta.dirname, '../../data')

/** A boundary: the files are this repository's own, written by one script. */
function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(DATA, name), 'utf8')) as T
}

type WrittenType = Omit<ResourceType, 'storageVersion' | 'listKind'>

export const BUILTIN_TYPES: readonly ResourceType[] = read<WrittenType[]>('builtin-types.json').map((type) => ({
  ...type,
  storageVersion: type.version,
  listKind: `${type.kind}List`,
}))

export const BUILTIN_SCHEMAS: ReadonlyMap<string, Schema> = new Map(
  Object.entries(read<Record<string, Schema>>('builtin-schemas.json')),
)

/** How built-in kinds are written in protobuf: message to field number to name, type, and how many. */
export const MESSAGES: Readonly<
  Record<string, Readonly<Record<string, readonly [name: string, type: string, kind: 'one' | 'list' | 'map']>>>
> = read('messages.json')

/** CRDs of Istio 1.31. */
export function istioCrds(): readonly KubeObject[] {
  return read<KubeObject[]>('istio-crds.json')
}

/** CRDs of Gateway API, standard and experimental, as the lab has them. */
export function gatewayApiCrds(): readonly KubeObject[] {
  return read<KubeObject[]>('gateway-api-crds.json')
}
