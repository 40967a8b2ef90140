/** The largest fleet, with as many people as it takes to open so many consoles; started like packages/sandbox/src/main.ts. */
import { fleetNamed, runFleet } from '@meshdeck/sandbox'

/** A caller may have 32 streams open. */
export const READERS = Array.from({ length: 10 }, (_, index) => `reader-${index + 1}`)

if (import.meta.main) {
  await runFleet((name, seed) => {
    const fleet = fleetNamed(name, seed)
    const readers = READERS.map((id) => ({ id, username: `${id}@example.com`, groups: ['sandbox:viewers'] }))
    return { ...fleet, people: [...fleet.people, ...readers] }
  })
}
