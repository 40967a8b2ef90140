import { isRecord } from '@meshdeck/kube'
import { sortRows, type ConfigRow } from './config-row.ts'
import { configPart, messageAt } from './envoy-json.ts'
import { fingerprint } from './fingerprint.ts'

/** Hundreds of names of what Envoy was built with; the same for everybody of a version. */
const BUILT_IN = 'node.extensions['

/** What a proxy was started with, one row for each value, by its path. */
export function bootstrapRows(dump: unknown): ConfigRow[] {
  const bootstrap = messageAt(configPart(dump, 'BootstrapConfigDump'), 'bootstrap') ?? {}
  return settingRows(bootstrap).filter(({ key }) => !key.startsWith(BUILT_IN))
}

/** One row for each value in what a program was started with, by its path; of what is absent there is none. */
export function settingRows(settings: unknown): ConfigRow[] {
  const rows = [...leaves('', settings)].map(([setting, value]): ConfigRow => ({
    key: setting,
    cells: { setting, value },
    resource: setting,
    fingerprint: fingerprint(value),
  }))
  return sortRows(rows, ['setting'])
}

function* leaves(path: string, value: unknown): Generator<[path: string, value: string]> {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* leaves(`${path}[${index}]`, each)
  } else if (isRecord(value)) {
    for (const [name, each] of Object.entries(value)) yield* leaves(path === '' ? name : `${path}.${name}`, each)
  } else if (value !== undefined && value !== null) yield [path, String(value)]
}
