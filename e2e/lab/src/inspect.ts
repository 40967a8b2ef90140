import { readFile } from 'node:fs/promises'
import { DEFAULT_DIR } from './options.ts'
import type { PersonName } from './people.ts'
import { readState } from './state.ts'
import type { LabState } from './state.ts'

/** The state of the lab in a directory; throws a `LabStateError` when there is none. */
export function labState(dir: string = DEFAULT_DIR): Promise<LabState> {
  return readState(dir)
}

/** The bearer token of each kind of user, good for all clusters of the lab. */
export async function labTokens(state: LabState): Promise<Readonly<Record<PersonName, string>>> {
  return JSON.parse(await readFile(state.tokens, 'utf8')) as Record<PersonName, string>
}
