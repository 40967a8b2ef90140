import { at } from '../envoy-json.ts'
import { settingRows } from '../bootstrap.ts'
import type { ConfigRow } from '../config-row.ts'

/** What a ztunnel was started with, and which build it is; one row for each value, by its path. */
export function ztunnelSettingRows(dump: unknown): ConfigRow[] {
  return settingRows({ config: at(dump, 'config'), version: at(dump, 'version') })
}
