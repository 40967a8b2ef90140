import { labState } from '@meshdeck/lab'

/** Where the programs lie that the journeys compare the console with. The lab builds them. */
export async function programs(): Promise<{ readonly kubectl: string; readonly promtool: string }> {
  return (await labState()).bin
}
